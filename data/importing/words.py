"""The words people write for roles, groups, outcomes and kinds, and the keys we keep."""

from typing import Final

ROLES: Final = {
    "领导": "leader", "领导班子": "leader", "领导班子成员": "leader", "班子成员": "leader",
    "leader": "leader", "一般干部": "staff", "干部": "staff", "科员": "staff", "其他": "staff",
    "工作人员": "staff", "staff": "staff",
}  # fmt: skip
CARE_GROUPS: Final = {
    "监测户": "monitored", "防返贫监测户": "monitored", "脱贫户": "out_of_poverty",
    "低保户": "minimum_living", "低保": "minimum_living", "特困": "special_hardship",
    "特困户": "special_hardship", "特困供养": "special_hardship", "一般户": "", "普通户": "",
    "一般": "", "普通": "",
}  # fmt: skip
OUTCOMES: Final = {
    "见面": "visited", "见到": "visited", "已访": "visited", "已走访": "visited", "走访": "visited",
    "完成": "visited", "visited": "visited", "无人": "no_answer", "无人在家": "no_answer",
    "不在家": "no_answer", "no one home": "no_answer", "no_answer": "no_answer", "迁出": "moved",
    "搬走": "moved", "moved": "moved", "拒访": "refused", "谢绝": "refused", "refused": "refused",
    "电话": "call", "call": "call", "填表": "form", "form": "form", "座谈": "meeting",
    "会议": "meeting", "meeting": "meeting",
}  # fmt: skip
DAY_KINDS: Final = {
    "放假": "holiday", "节假日": "holiday", "休": "holiday", "休息": "holiday", "假期": "holiday",
    "holiday": "holiday", "上班": "workday", "调休上班": "workday", "补班": "workday",
    "班": "workday", "工作日": "workday", "workday": "workday",
}  # fmt: skip
VILLAGE_KINDS: Final = {
    "村": "village", "行政村": "village", "村委会": "village", "village": "village",
    "社区": "community", "居委会": "community", "居委": "community", "community": "community",
}  # fmt: skip
