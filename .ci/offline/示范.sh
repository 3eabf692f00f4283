#!/bin/sh
# 在本文件夹里做一个虚构的示范并计分。
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 2
python="$here/运行环境/bin/python"

if [ -x "$python" ]; then
  "$python" "$here/程序/helper.py" demo
  status=$?
else
  echo '还没有安装。请先运行 安装.sh。'
  status=2
fi
if [ -t 0 ]; then
  printf '按回车键结束。'
  read -r _
fi
exit "$status"
