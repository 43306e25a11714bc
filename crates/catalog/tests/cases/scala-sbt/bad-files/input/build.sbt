libraryDependencies += "com.example" %% "x" % "1.0"
libraryDependencies += "open % y
"g" % "a"
