@chcp 936 >nul
@echo off
setlocal DisableDelayedExpansion
title 安装 xfkh 信访考核
if not exist "%~dp0程序\helper.py" goto packed
for %%V in (@newest_first@) do py -%%V "%~dp0程序\helper.py" fits >nul 2>nul && set "CHOSEN=py -%%V" && goto found
python "%~dp0程序\helper.py" fits >nul 2>nul && set "CHOSEN=python" && goto found
echo 没有找到合用的 Python，没有安装。
python "%~dp0程序\helper.py" fits 2>nul
echo 需要 64 位的 Python，版本限 @pythons@。@get_python@
echo 装 Python 时选 Install Now，不需要管理员权限；勾选 Add python.exe to PATH，
echo 不勾选 Use admin privileges。装好后再双击「安装.bat」。
set "STATUS=2"
goto end
:found
%CHOSEN% "%~dp0程序\helper.py" install
set "STATUS=%errorlevel%"
goto end
:packed
echo 这里缺少「程序」文件夹。请先把压缩包整个解压，再双击解压出来的「安装.bat」。
set "STATUS=2"
:end
pause
exit /b %STATUS%
