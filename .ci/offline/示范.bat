@chcp 936 >nul
@echo off
setlocal DisableDelayedExpansion
title xfkh 示范
if not exist "%~dp0运行环境\Scripts\python.exe" goto missing
"%~dp0运行环境\Scripts\python.exe" "%~dp0程序\helper.py" demo
set "STATUS=%errorlevel%"
goto end
:missing
echo 还没有安装。请先双击「安装.bat」。
set "STATUS=2"
:end
pause
exit /b %STATUS%
