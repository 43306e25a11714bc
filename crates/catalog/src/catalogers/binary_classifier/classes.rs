//! The well-known programs: under which names their files are found, and how the version stands in
//! them. One entry each, sorted.
//!
//! `{v}` in a pattern is a version of numbers, `{go}` one that was set when a Go program was linked;
//! `search.rs` says what the groups of a pattern mean. A file's name that ends with `*` is the
//! beginning of one. A pattern has no `*` and no `+`, because files come in pieces, and looks at
//! nothing before its match. A new program is a new entry; what `--version` prints says what to look for,
//! and `tests/integration/binary_classifier.rs` compares the two for every program that is there.

/// A program or library.
#[derive(Debug)]
pub(super) struct Class {
    /// The name of its package.
    pub(super) name: &'static str,
    pub(super) files: &'static [&'static str],
    /// The first one that matches counts.
    pub(super) patterns: &'static [&'static str],
}

macro_rules! classes {
    ($($name:literal in $($file:literal)|+ => $($pattern:literal),+ ;)*) => {
        /// All of them.
        pub(super) static CLASSES: [Class; [$($name),*].len()] = [$(Class {
            name: $name,
            files: &[$($file),+],
            patterns: &[$($pattern),+],
        }),*];

        /// The names of all files that are looked into.
        pub(super) const NAMES: &[&str] = &[$($($file),+),*];
    };
}

classes! {
    "apache-httpd" in "httpd" | "apache2" => r"\x00Apache/{v}";
    "arangodb" in "arangod" | "arangosh" => r"\x00{v} \[linux\]";
    "bash" in "bash" | "bash-static" => r"@\(#\)Bash version {v}\(";
    "bind" in "named" | "libdns-*" | "libisc-*" => r"libisc-{v}", r"BIND {v}";
    "bun" in "bun" => r"Bun v?{v} \(", r"Bun/{v}";
    "busybox" in "busybox*" => r"BusyBox v{v}";
    "bzip2" in "bzip2" | "bunzip2" | "bzcat" | "libbz2.so*" => r"\x00(?P<version>1\.0\.\d), \d{1,2}-[A-Z][a-z]{2}-\d{4}";
    "caddy" in "caddy" => r"{go}";
    "chromium" in "chrome" | "chromium" | "headless_shell" | "chrome-headless-shell" => r"\x00(?P<only>\d{2,3}\.0\.\d{4}\.\d{1,3})\x00";
    "chrony" in "chronyd" | "chronyc" => r"\x00--version\x00{v}\x00";
    "consul" in "consul" => r"CONSUL_VERSION: {v}", r"{go}";
    "containerd" in "containerd" | "containerd-shim*" | "ctr" => r"{go}";
    "coredns" in "coredns" => r"{go}";
    "cups" in "cupsd" => r"CUPS/{v}";
    "curl" in "curl" | "libcurl.so*" | "libcurl-gnutls.so*" => r"libcurl[/ ]{v}", r"\x00curl[ /]{v}[ \x00]";
    "deno" in "deno" => r"Deno/{v}";
    "dnsmasq" in "dnsmasq" => r"dnsmasq-{v}";
    "docker" in "docker" | "dockerd" | "docker-init" | "docker-proxy" => r"{go}";
    "dovecot" in "dovecot" | "doveadm" => r"Dovecot v{v}";
    "dropbear" in "dropbear*" | "dbclient" => r"dropbear_(?P<version>\d{4}\.\d{1,4})";
    "envoy" in "envoy*" => r"[0-9a-f]{40}/{v}/(?:Clean|Modified)/";
    "erlang-erts" in "beam.smp" | "beam" => r"\(BEAM\) emulator version {v}";
    "etcd" in "etcd" | "etcdctl" | "etcdutl" => r"{go}";
    "exim" in "exim" | "exim4" => r"\x00{v}\x00<<eximversion>>";
    "expat" in "libexpat.so*" => r"expat_{v}";
    "ffmpeg" in "ffmpeg" | "ffprobe" | "libavutil.so*" => r"FFmpeg version n?{v}", r"%s version n?{v}";
    "fluent-bit" in "fluent-bit" => r"Fluent(?: Bit v|-Bit/){v}";
    "gawk" in "gawk" => r"GNU Awk {v}";
    "gcc" in "libstdc++.so.6*" | "libgcc_s.so*" => r"GCC: \([^)\x00]{0,80}\) {v}";
    "ghostscript" in "gs" | "libgs.so*" => r"/ghostscript/{v}/";
    "git" in "git" | "git-remote-http" | "git-http-backend" => r"git/{v}";
    "gitlab-runner" in "gitlab-runner" => r"{go}";
    "glibc" in "libc.so.6" | "libc-2*" => r"GNU C Library [^\x00]{0,80} version {v}";
    "gnu-grep" in "grep" => r"\x00{v}\x00GNU grep";
    "gnu-nano" in "nano" => r"GNU nano {v}";
    "gnutls" in "libgnutls.so*" => r"Enabled GnuTLS {v} logging";
    "grafana" in "grafana" | "grafana-server" => r"{go}";
    "gzip" in "gzip" => r"\x00(?P<only>1\.\d{1,2}(?:\.\d{1,2})?)\x00";
    "haproxy" in "haproxy" => r" version {v}[^\x00]{0,40}, released", r"\x00{v}[^\x00]{0,40}\x00haproxy_", r"HA-?Proxy version {v}";
    "helm" in "helm" => r"{go}";
    "icu" in "libicuuc.so*" => r"\x00(?P<only>\d{2}\.\d(?:\.\d)?)\x00";
    "influxdb" in "influxd" => r"{go}";
    "jq" in "jq" => r"jq-(?P<version>1\.\d{1,2}(?:\.\d{1,2})?)\x00", r"\x00(?P<version>1\.\d{1,2}(?:\.\d{1,2})?)\x00DEBUG:";
    "krb5" in "libkrb5.so*" => r"krb5-{v}-";
    "kubernetes" in "kubectl" | "kubelet" | "kubeadm" | "kube-apiserver" | "kube-controller-manager" | "kube-proxy" | "kube-scheduler" => r"{go}";
    "libarchive" in "libarchive.so*" | "bsdtar" => r"libarchive[ /]{v}";
    "libgcrypt" in "libgcrypt.so*" => r"This is Libgcrypt {v}";
    "libgit2" in "libgit2.so*" => r"libgit2 {v}";
    "libjpeg-turbo" in "libjpeg.so*" | "libturbojpeg.so*" => r"libjpeg-turbo version {v}";
    "libpcap" in "libpcap.so*" => r"libpcap version {v}";
    "libpng" in "libpng*" => r"libpng version {v}";
    "libressl" in "openssl" | "libssl.so*" | "libcrypto.so*" => r"LibreSSL {v}";
    "libsodium" in "libsodium.so*" => r"\x00(?P<only>1\.0\.\d{1,2})\x00";
    "libssh" in "libssh.so*" => r"libssh_{v}";
    "libssh2" in "libssh2.so*" => r"libssh2_{v}";
    "libtiff" in "libtiff.so*" => r"LIBTIFF, Version {v}";
    "libuv" in "libuv.so*" => r"[^0-9.](?P<only>1\.\d{1,2}\.\d{1,2})\x00";
    "libxml2" in "libxml2.so*" => r"[^0-9](?P<packed>2(?:0[6-9]|1\d)\d\d)(?:-[^\x00]{0,60})?\x00";
    "libxslt" in "libxslt.so*" => r"\x00(?P<packed>1\d{4})(?:-[^\x00]{0,60})?\x00";
    "lighttpd" in "lighttpd" => r"lighttpd/{v}";
    "lua" in "lua" | "lua5*" | "luac5*" | "liblua.so*" | "liblua5*" | "liblua-5*" => r"Lua (?P<version>5\.\d\.\d{1,2})  Copyright";
    "luajit" in "luajit*" | "libluajit*" => r"LuaJIT (?P<version>2\.\d{1,3}\.\d{1,12}(?:-[a-z0-9]{1,20})?)";
    "lz4" in "liblz4.so*" => r"\x00(?P<only>1\.\d{1,2}\.\d{1,2})\x00";
    "mariadb" in "mariadb" | "mariadbd" | "mariadb-dump" | "mysql" | "mysqld" => r"\x00{v}-MariaDB\x00";
    "mariadb-connector-c" in "libmariadb.so*" => r"\x00(?P<version>3\.\d{1,3}\.\d{1,4})\x00MariaDB";
    "mbedtls" in "libmbedcrypto.so*" | "libmbedtls.so*" => r"[Mm]bed ?TLS {v}";
    "memcached" in "memcached" => r"\x00memcached {v}";
    "minio" in "minio" => r"ReleaseTag=RELEASE\.(?P<version>[0-9TZ-]{10,30})";
    "mono" in "mono-sgen" | "mono" => r"\x00{v}\x00%s \(%s %s\)";
    "mosquitto" in "mosquitto" => r"\x00{v}\x00mosquitto version";
    "musl" in "ld-musl-*" | "libc.so" => r"\x00(?P<only>[01]\.\d{1,2}\.\d{1,2})\x00";
    "mysql" in "mysql" | "mysqld" | "mysqldump" => r"/mysql-{v}(?:-[a-z0-9]{1,20})?/";
    "nats-server" in "nats-server" => r"{go}";
    "nghttp2" in "libnghttp2.so*" => r"[^0-9.](?P<only>1\.\d{1,2}\.\d{1,2})\x00";
    "nginx" in "nginx" | "nginx-debug" => r"nginx/{v}";
    "node" in "node" | "nodejs" | "node.exe" | "libnode.so*" => r"node\.js/v{v}", r"/download/release/v{v}/";
    "nomad" in "nomad" => r"{go}";
    "openjdk" in "libjvm.so" | "jvm.dll" => r"OpenJDK [^\x00]{0,40} VM \([^\x00]{0,80} JRE \((?P<version>[0-9][0-9._+]{0,40})";
    "openldap" in "slapd" => r"\$OpenLDAP: slapd {v}";
    "openresty" in "nginx" | "openresty" => r"openresty/{v}";
    "openssh" in "ssh" | "sshd" | "ssh-agent" | "ssh-keygen" => r"OpenSSH_(?P<version>\d{1,2}\.\d{1,2}(?:\.\d{1,2})?p\d)", r"OpenSSH_{v}";
    "openssl" in "openssl" | "openssl.exe" | "libssl.so*" | "libcrypto.so*" | "libcrypto-*" | "libssl-*" => r"OpenSSL (?P<version>\d\.\d{1,2}\.\d{1,2}[a-z]{0,2}(?:-(?:alpha|beta|pre)\d{1,2})?)(?:\+[a-z]{1,20})? {1,4}\d{1,2} [A-Z][a-z]{2} \d{4}";
    "openvpn" in "openvpn" => r"OpenVPN {v} [a-z0-9_]{1,20}-";
    "pcre" in "libpcre.so*" => r"\x00(?P<version>8\.\d{2}) \d{4}-\d\d-\d\d";
    "pcre2" in "libpcre2-*" => r"\x00(?P<version>10\.\d{2}) \d{4}-\d\d-\d\d";
    "perl" in "perl" | "perl5*" | "libperl.so*" => r"\x00v(?P<version>5\.\d{1,2}\.\d{1,2})\x00";
    "php" in "php" | "php5*" | "php7*" | "php8*" | "php-fpm*" | "php-cgi*" | "libphp*" => r"X-Powered-By: PHP/(?P<version>\d\.\d{1,2}\.\d{1,2}(?:RC\d{1,2}|-dev)?)";
    "postfix" in "master" | "postconf" | "smtpd" | "libpostfix-global.so*" => r"mail_version[=\x00]{v}";
    "postgresql" in "postgres" | "psql" | "pg_dump" | "pg_ctl" | "initdb" => r"\(PostgreSQL\) (?P<version>\d{1,2}(?:\.\d{1,2}){1,2}|\d{2}(?:beta|rc)\d)", r"\x00PostgreSQL {v} ";
    "proftpd" in "proftpd" => r"ProFTPD Version (?P<version>1\.\d\.\d{1,2}[a-z]?(?:rc\d)?)";
    "prometheus" in "prometheus" | "promtool" => r"{go}";
    "pypy" in "pypy*" | "libpypy*" => r"PyPy {v}";
    "python" in "python" | "python2*" | "python3*" | "libpython2*" | "libpython3*" => r"\x00(?P<named>[23]\.\d{1,2}\.\d{1,2}(?:(?:a|b|rc)\d{1,2})?\+?)\x00";
    "redis" in "redis-server" | "redis-cli" | "redis-benchmark" | "redis-sentinel" | "redis-check-rdb" | "redis-check-aof" => r"\x00{v}\x00(?:c11|sync|atomic)-builtin", r"\x00{v}\x00 \(git:", r"\x00(?P<only>\d{1,2}\.\d{1,2}\.\d{1,3})\x00";
    "rsync" in "rsync" => r"\x00(?P<only>3\.\d\.\d{1,2})\x00";
    "ruby" in "ruby" | "ruby2*" | "ruby3*" | "libruby*" => r"\x00ruby (?P<version>\d\.\d{1,2}\.\d{1,2})(?:p\d{1,4}|preview\d|rc\d|dev)? ?\(";
    "runc" in "runc" => r"{go}";
    "rust" in "rustc" | "libstd-*" | "librustc_driver-*" => r"rustc version {v}";
    "samba" in "smbd" | "nmbd" | "winbindd" => r"SAMBA_(?P<version>4\.\d{1,2}\.\d{1,2})";
    "sqlite" in "sqlite3" | "libsqlite3.so*" => r"\x00(?P<only>3\.\d{1,2}\.\d{1,2})\x00";
    "squid" in "squid" => r"squid/{v}";
    "stunnel" in "stunnel*" => r"stunnel/{v}";
    "sudo" in "sudo" => r"Sudo version %s\n\x00(?P<version>1\.\d{1,2}\.\d{1,2}(?:p\d)?)";
    "systemd" in "systemd" | "systemctl" => r"\x00systemd \d{3} \((?P<version>\d{3}(?:\.\d{1,2})?)", r"\x00systemd (?P<version>\d{3}(?:\.\d{1,2})?)[ ~-]";
    "tcl" in "libtcl8*" | "libtcl9*" => r"\x00{v}\x00tcl_patchLevel";
    "tcpdump" in "tcpdump" => r"%s version (?P<version>4\.\d{1,2}\.\d{1,2})";
    "telegraf" in "telegraf" => r"{go}";
    "terraform" in "terraform" | "tofu" => r"{go}";
    "tmux" in "tmux" => r"\x00(?P<only>3\.\d[a-z]?)\x00";
    "tor" in "tor" => r"\x00tor {v}";
    "toybox" in "toybox*" => r"toybox {v}";
    "traefik" in "traefik" => r"{go}";
    "unbound" in "unbound" | "libunbound.so*" => r"unbound {v}";
    "valkey" in "valkey-server" | "valkey-cli" | "valkey-benchmark" | "valkey-sentinel" => r"\x00{v}\x00 \(git:", r"\x00(?P<only>[89]\.\d{1,2}\.\d{1,3})\x00";
    "varnish" in "varnishd" => r"varnish-{v} revision";
    "vault" in "vault" => r"{go}";
    "vsftpd" in "vsftpd" => r"vsFTPd {v}";
    "wget" in "wget" => r"\x00(?P<only>1\.\d{2}(?:\.\d{1,2})?)\x00";
    "wolfssl" in "libwolfssl.so*" => r"wolfSSL {v}";
    "xz" in "xz" | "xzdec" | "liblzma.so*" => r"xz \(XZ Utils\) {v}", r"\x00(?P<only>5\.\d{1,2}\.\d{1,2}(?:alpha|beta)?)\x00";
    "zlib" in "libz.so*" | "zlib1.dll" => r" deflate {v} Copyright";
    "zlib-ng" in "libz-ng.so*" => r"zlib-ng {v}";
    "zstd" in "zstd" | "libzstd.so*" => r"\x00v{v}\x00Zstandard", r"[^0-9.](?P<only>1\.\d{1,2}\.\d{1,2})\x00";
}
