#!/bin/sh
# 用本机合适的 Python 在本文件夹里安装 xfkh，不联网。
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 2
helper="$here/程序/helper.py"

install() {
  for name in @names@ python3; do
    if "$name" "$helper" fits >/dev/null 2>&1; then
      "$name" "$helper" install
      return
    fi
  done
  echo '没有找到合用的 Python，没有安装。'
  python3 "$helper" fits 2>/dev/null
  echo '需要 64 位的 Python，版本限 @pythons@。可请信息部门安装。'
  echo '装好后再运行 安装.sh。'
  return 2
}

install
status=$?
if [ -t 0 ]; then
  printf '按回车键结束。'
  read -r _
fi
exit "$status"
