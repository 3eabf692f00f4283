#!/bin/sh
# 给一个收回填报表的文件夹计分：./考核.sh 文件夹
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 2
python="$here/运行环境/bin/python"

if [ -x "$python" ]; then
  "$python" "$here/程序/helper.py" grade "$@"
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
