"""Results → the files that people open: results.json, 排名.xlsx, 奖惩.xlsx, 问题清单.xlsx, 反馈/.

Nothing is imported here: a worker that only writes feedback stays light.
"""
