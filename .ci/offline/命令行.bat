@chcp 936 >nul
@echo off
setlocal DisableDelayedExpansion
title xfkh 命令行
if not exist "%~dp0运行环境\Scripts\xfkh.exe" goto missing
set "PATH=%~dp0运行环境\Scripts;%PATH%"
echo 在这里可以直接输入 xfkh 的命令，例如：xfkh --help
cmd /k
exit /b 0
:missing
echo 还没有安装。请先双击「安装.bat」。
pause
exit /b 2
