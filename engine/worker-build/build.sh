#!/bin/sh
# Builds the media worker (mediasoup-worker) from the sources in the npm package against Debian's libraries.
#
#   usage: build.sh <mediasoup package folder> <output file>
#
# The package's own build downloads its C++ dependencies; here each of them is a system library, so nothing is downloaded.
# The packages it needs are listed in ../setup/worker.mjs, which installs them and calls this. About three minutes on two cores.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
package=$(cd "$1" && pwd)
output=$2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cp -r "$package/worker" "$work/worker"
cd "$work/worker"
rm -rf subprojects
mkdir subprojects

# The worker's build asks for its dependencies as subprojects, by these names. Each becomes a few lines that hand out the
# system library. The worker also names their static libraries, to link them whole: it gets an empty one.
subproject() { # name, then lines of its meson.build
  name=$1
  shift
  mkdir "subprojects/$name"
  echo "static int unused_$(echo "$name" | tr - _) = 0;" > "subprojects/$name/empty.cpp"
  {
    echo "project('$name', 'cpp')"
    echo "empty = static_library('$name-empty', 'empty.cpp')"
    printf '%s\n' "$@"
  } > "subprojects/$name/meson.build"
}
include="include_directories('include')"
subproject libuv "libuv_dep = dependency('libuv')" "libuv = empty"
subproject openssl "openssl_dep = dependency('openssl')" "libcrypto_lib = empty" "libssl_lib = empty"
subproject flatbuffers "flatbuffers_dep = dependency('flatbuffers')" "flatbuffers_lib = empty"
subproject libsrtp3 "libsrtp3 = empty" \
  "libsrtp3_dep = declare_dependency(include_directories: $include, dependencies: dependency('libsrtp2'))"
subproject unordered-dense "ankerl_unordered_dense_dep = declare_dependency(include_directories: $include)"

# libsrtp 3 and unordered_dense are not in Debian 12: the calls that the worker makes, on what is.
mkdir subprojects/libsrtp3/include subprojects/unordered-dense/include
cp "$here/include/srtp.h" subprojects/libsrtp3/include/
cp -r "$here/include/ankerl" subprojects/unordered-dense/include/

# Replaces one text in a file, and stops when it is not there: a new version of the worker must be looked at, not half mended.
mend() { # file, sed expression, a text that must be there afterwards
  sed -i -e "$2" "$1"
  grep -qF -- "$3" "$1" || { echo "build.sh: $1 is not as expected; this recipe does not fit this mediasoup version" >&2; exit 1; }
}
# Debian 12's meson is 1.0, and it is enough.
mend meson.build "s/meson_version: '>= 1.1.0'/meson_version: '>= 1.0.0'/" "meson_version: '>= 1.0.0'"
# Options for the replaced subprojects, which have none.
for option in build_tests=false build_benchmarks=false crypto-library=openssl crypto-library-kdf=disabled tests=disabled; do
  sed -i "/'$option',/d" meson.build
done
# Looked up as a system package, which does not exist: name the subproject.
mend meson.build \
  "s/^ankerl_unordered_dense_dep = dependency('unordered_dense')/ankerl_unordered_dense_dep = subproject('unordered-dense').get_variable('ankerl_unordered_dense_dep')/" \
  "subproject('unordered-dense')"
# OpenSSL built with kernel TLS (Debian's is) asks the BIO callback whether kernel TLS is on. The worker answers 1 to all but
# a plain BIO_CB_RETURN, so OpenSSL allocates no write buffer and the first DTLS handshake is a SIGSEGV. Test the bit instead.
mend src/RTC/DtlsTransport.cpp \
  's/(operationType == BIO_CB_RETURN) ? static_cast<long>(ret) : 1/(operationType \& BIO_CB_RETURN) ? static_cast<long>(ret) : 1/' \
  'operationType & BIO_CB_RETURN'

# A third of the time would go into the same headers, parsed anew for each of 211 files: they are parsed once.
mkdir pch
printf '#include "%s"\n' Logger.hpp MediaSoupErrors.hpp Utils.hpp RTC/Router.hpp RTC/RtpDictionaries.hpp > pch/worker.hpp
mend meson.build "/^executable($/{n;s#'mediasoup-worker',#& cpp_pch: 'pch/worker.hpp',#}" "cpp_pch: 'pch/worker.hpp'"

# ms_use_builtin_bwe leaves out libwebrtc's bandwidth estimation and abseil with it, which would have to be downloaded.
meson setup out --buildtype release -Db_ndebug=true -Dms_use_builtin_bwe=true
ninja -C out mediasoup-worker

# Copied beside its place and renamed, so that no half-written worker is ever found there.
mkdir -p "$(dirname "$output")"
strip -o "$output.new.$$" out/mediasoup-worker
chmod 755 "$output.new.$$"
mv -f "$output.new.$$" "$output"
