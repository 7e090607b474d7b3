"""
The registers we read: their fields, headings and cells.

One table drives everything that must agree: guessing columns, reading cells, the
templates and their notes, the preview and its corrections. ``heading`` is the Chinese
heading of the template; ``label`` and ``note`` are English message ids that pages
translate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from data.importing import values, windows
from data.importing.blackout_words import blackout
from data.importing.values import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """
    One column of a register.

    Parameters
    ----------
    key
        Name of the value in a row; mostly the column of the table it ends in.
    synonyms
        Other headings, Chinese and English, under which people keep it.
    required
        Whether a row without it is refused.
    example
        What the template's example row shows.
    """

    key: str
    heading: str
    label: str
    read: Reader
    synonyms: tuple[str, ...] = ()
    required: bool = False
    note: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A register: its fields, and which of them tell one row from another."""

    key: str
    title: str
    label: str
    fields: tuple[Field, ...]
    identity: tuple[str, ...]
    hints: tuple[str, ...]
    needs_one_of: tuple[tuple[str, ...], ...] = ()

    def field(self, key: str) -> Field:
        """The field of that name."""
        return next(field for field in self.fields if field.key == key)


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

_VILLAGE = (
    Field(
        key="village_code",
        heading="村代码",
        label="Village code",
        read=values.identifier,
        synonyms=(
            "村(社区)代码",
            "村级代码",
            "行政区划代码",
            "区划代码",
            "社区代码",
            "village_code",
            "行政村代码",
            "村社区代码",
            "统计用区划代码",
        ),  # fmt: skip
        note="12 digits as text; either the code or the name of the village is needed",
        example="340811001002",
    ),
    Field(
        key="village",
        heading="村(社区)",
        label="Village",
        read=values.text(),
        synonyms=(
            "村",
            "社区",
            "行政村",
            "村名",
            "村(居)",
            "所在村",
            "村社区",
            "village",
            "居委会",
            "村居",
            "所属村",
            "village_name",
        ),  # fmt: skip
        note="Name as on the boundary layer; add the town when two villages share a name",
        example="示例村",
    ),
    Field(
        key="town",
        heading="乡镇(街道)",
        label="Town",
        read=values.text(),
        synonyms=("乡镇", "街道", "镇", "乡", "所在乡镇", "镇街", "town", "乡镇街道"),
        note="Only needed when the village is given by name",
        example="示例镇",
    ),
)
_POINT = (
    Field(
        key="lon",
        heading="经度",
        label="Longitude",
        read=values.coordinate,
        synonyms=("lon", "lng", "longitude", "x", "x坐标", "东经", "经度坐标"),
        note="Degrees; the coordinate system is checked on the map",
        example="117.0512",
    ),
    Field(
        key="lat",
        heading="纬度",
        label="Latitude",
        read=values.coordinate,
        synonyms=("lat", "latitude", "y", "y坐标", "北纬", "纬度坐标"),
        note="Degrees",
        example="30.5208",
    ),
    Field(
        key="point",
        heading="坐标",
        label="Coordinate pair",
        read=values.pair,
        synonyms=("经纬度", "坐标点", "位置坐标", "location", "gps", "gps坐标"),
        note="Longitude,latitude in one cell, instead of two columns",
        example="",
    ),
)
_NEEDS = (
    Field(
        key="visits_due",
        heading="应访次数",
        label="Visits due",
        read=values.whole(0, 60),
        synonyms=("走访次数", "次数", "应走访次数", "visits_due", "visits"),
        note="Visits owed in the period; 1 if empty",
        example="1",
    ),
    Field(
        key="min_gap_days",
        heading="间隔天数",
        label="Days between visits",
        read=values.whole(1, 366),
        synonyms=("最小间隔", "走访间隔", "间隔", "户间隔", "min_gap_days", "gap"),
        note="Fewest days from one visit to the next; 28 if empty",
        example="28",
    ),
    Field(
        key="service_min",
        heading="入户分钟",
        label="Minutes at the door",
        read=values.whole(5, 240),
        synonyms=("入户时长", "时长(分钟)", "走访时长", "service_min", "停留分钟", "预计时长"),
        note="Minutes a visit takes; 30 if empty",
        example="30",
    ),
    Field(
        key="windows",
        heading="可访时段",
        label="Hours that suit",
        read=windows.windows,
        synonyms=(
            "时间窗",
            "方便时间",
            "在家时间",
            "可访时间",
            "接待时间",
            "时段",
            "windows",
            "办公时间",
            "营业时间",
        ),  # fmt: skip
        note="上午, 下午 or times such as 08:30-11:30、14:30-17:30; both half-days if empty",
        example="08:30-11:30、14:30-17:30",
    ),
    Field(
        key="priority",
        heading="优先级",
        label="Priority",
        read=values.whole(1, 10),
        synonyms=("优先", "权重", "priority", "重要程度"),
        note="1 to 10; 1 if empty",
        example="1",
    ),
    Field(
        key="not_before",
        heading="不早于",
        label="Not before",
        read=values.day,
        synonyms=("最早日期", "外出至", "not_before", "开始日期"),
        note="Date such as 2027-03-15: away until then",
        example="",
    ),
    Field(
        key="not_after",
        heading="不晚于",
        label="Not after",
        read=values.day,
        synonyms=("最晚日期", "截止日期", "not_after", "结束日期"),
        note="Date such as 2027-05-15",
        example="",
    ),
)
_ADDRESS = (
    Field(
        key="address",
        heading="住址",
        label="Address",
        read=values.text(),
        synonyms=("地址", "家庭住址", "门牌号", "address", "详细地址", "企业地址"),
        example="示例路1号",
    ),
    Field(
        key="phone",
        heading="联系电话",
        label="Phone",
        read=values.identifier,
        synonyms=("电话", "手机", "手机号", "联系方式", "手机号码", "phone"),
        note="As text, so that no digit is lost",
        example="",
    ),
)

HOUSEHOLDS: Final = Kind(
    key="households",
    title="走访户",
    label="Households",
    hints=("户", "household"),
    identity=("number",),
    needs_one_of=(("village_code", "village"),),
    fields=(
        Field(
            key="number",
            heading="户号",
            label="Household number",
            read=values.identifier,
            required=True,
            synonyms=(
                "户编号",
                "户籍号",
                "家庭编号",
                "住户编号",
                "编号",
                "number",
                "household_id",
                "id",
                "household",
                "台账编号",
            ),  # fmt: skip
            note="Unique in the district, as text; the same number again updates the row",
            example="例-0001",
        ),
        Field(
            key="name",
            heading="户主",
            label="Householder",
            read=values.text(),
            synonyms=("户主姓名", "姓名", "householder", "name", "家庭户主"),
            example="示例户",
        ),
        *_VILLAGE,
        Field(
            key="hamlet",
            heading="村民小组",
            label="Hamlet",
            read=values.text(),
            synonyms=("小组", "组别", "组", "自然村", "村民组", "居民小组", "hamlet"),
            example="一组",
        ),
        *_ADDRESS,
        *_POINT,
        *_NEEDS,
        Field(
            key="care_group",
            heading="类别",
            label="Care group",
            read=values.choice_or_words(CARE_GROUPS),
            synonyms=(
                "户类型",
                "户类别",
                "困难类型",
                "帮扶类型",
                "人群类别",
                "care_group",
                "户属性",
            ),
            note="监测户, 脱贫户, 低保户, 特困, or your own word; empty for others",
            example="",
        ),
    ),
)
ENTERPRISES: Final = Kind(
    key="enterprises",
    title="非公企业",
    label="Enterprises",
    hints=("企业", "公司", "enterprise"),
    identity=("number",),
    needs_one_of=(("village_code", "village"),),
    fields=(
        Field(
            key="number",
            heading="企业编号",
            label="Enterprise number",
            read=values.identifier,
            required=True,
            synonyms=("编号", "统一社会信用代码", "信用代码", "enterprise_id", "number", "id"),
            note="Unique in the district, also among households; as text",
            example="例-Q001",
        ),
        Field(
            key="name",
            heading="企业名称",
            label="Enterprise",
            read=values.text(),
            required=True,
            synonyms=("名称", "公司名称", "单位名称", "企业", "enterprise", "name"),
            example="示例企业",
        ),
        *_VILLAGE,
        *_ADDRESS,
        *_POINT,
        *_NEEDS,
    ),
)
UNITS: Final = Kind(
    key="units",
    title="单位与包村",
    label="Units and their villages",
    hints=("单位", "包村", "部门", "unit"),
    identity=("number",),
    fields=(
        Field(
            key="number",
            heading="单位编号",
            label="Unit number",
            read=values.identifier,
            required=True,
            synonyms=("部门编号", "单位代码", "编号", "unit_id", "number", "id"),
            example="例-D01",
        ),
        Field(
            key="name",
            heading="单位名称",
            label="Unit",
            read=values.text(),
            required=True,
            synonyms=("单位", "部门", "部门名称", "包村单位", "unit", "name", "帮扶单位"),
            example="示例局",
        ),
        Field(
            key="villages",
            heading="包村",
            label="Villages it answers for",
            read=values.identifiers,
            synonyms=(
                "包村(社区)",
                "联系村",
                "所包村",
                "包联村",
                "村代码",
                "villages",
                "联系村(社区)",
                "村(社区)",
                "包村代码",
                "village_code",
            ),  # fmt: skip
            note="Codes or names, separated by 、; or one village a row, the unit repeated",
            example="340811001002、340811001003",
        ),
    ),
)
CADRES: Final = Kind(
    key="cadres",
    title="干部",
    label="Cadres",
    hints=("干部", "人员", "cadre"),
    identity=("number",),
    fields=(
        Field(
            key="number",
            heading="干部编号",
            label="Cadre number",
            read=values.identifier,
            required=True,
            synonyms=("编号", "工号", "人员编号", "cadre_id", "number", "id"),
            example="例-G001",
        ),
        Field(
            key="name",
            heading="姓名",
            label="Name",
            read=values.text(),
            required=True,
            synonyms=("干部姓名", "干部", "name", "cadre"),
            example="示例干部",
        ),
        Field(
            key="unit",
            heading="单位",
            label="Unit",
            read=values.text(),
            required=True,
            synonyms=(
                "单位编号",
                "所在单位",
                "部门",
                "工作单位",
                "单位名称",
                "unit",
                "unit_id",
                "单位代码",
            ),
            note="Number or name of the unit",
            example="例-D01",
        ),
        Field(
            key="role",
            heading="职务类别",
            label="Role",
            read=values.choice(ROLES),
            synonyms=("职务", "角色", "类别", "role", "身份"),
            note="领导 or 一般干部; the quota follows it where none is given",
            example="一般干部",
        ),
        *_POINT,
        Field(
            key="quota",
            heading="走访任务户数",
            label="Quota",
            read=values.whole(0, 500),
            synonyms=("任务户数", "定额", "应走访户数", "户数", "quota", "任务数"),
            note="Distinct households at least; 40 for leaders and 15 for others if empty",
            example="15",
        ),
        Field(
            key="max_visits_per_day",
            heading="每日上限",
            label="Visits a day at most",
            read=values.whole(1, 30),
            synonyms=("每日户数上限", "每天最多户数", "日上限", "max_visits_per_day"),
            note="6 if empty",
            example="6",
        ),
        Field(
            key="availability",
            heading="可用时段",
            label="Working hours",
            read=windows.shifts,
            synonyms=("工作时间", "可走访时间", "availability", "上班时间"),
            note="Such as 周一至周五 08:30-11:30、14:30-17:30; working days if empty",
            example="周一至周五 08:30-11:30、14:30-17:30",
        ),
        Field(
            key="absences",
            heading="不在日期",
            label="Away",
            read=values.day_spans,
            synonyms=("请假", "外出", "请假日期", "不在岗日期", "absences"),
            note="Days or stretches: 2027-03-08至2027-03-12、2027-04-01",
            example="",
        ),
    ),
)
PAIRINGS: Final = Kind(
    key="pairings",
    title="结对帮扶",
    label="Pairings",
    hints=("结对", "帮扶", "pairing"),
    identity=("household",),
    fields=(
        Field(
            key="household",
            heading="户号",
            label="Household number",
            read=values.identifier,
            required=True,
            synonyms=("结对户", "帮扶户", "户编号", "household", "household_id", "结对户号"),
            example="例-0001",
        ),
        Field(
            key="cadre",
            heading="结对干部",
            label="Cadre",
            read=values.text(),
            required=True,
            synonyms=(
                "干部编号",
                "帮扶干部",
                "干部",
                "帮扶责任人",
                "结对干部编号",
                "cadre",
                "cadre_id",
            ),
            note="Number, or the name where only one cadre has it",
            example="例-G001",
        ),
        Field(
            key="since",
            heading="结对日期",
            label="Since",
            read=values.day,
            synonyms=("开始日期", "结对时间", "since", "日期"),
            example="2027-01-04",
        ),
        Field(
            key="note",
            heading="备注",
            label="Note",
            read=values.text(500),
            synonyms=("说明", "note", "帮扶措施"),
            example="",
        ),
    ),
)
BLACKOUTS: Final = Kind(
    key="blackouts",
    title="免打扰日",
    label="Blackout days",
    hints=("免打扰", "赶集", "集市", "农忙", "blackout"),
    identity=("region", "rule", "name"),
    fields=(
        Field(
            key="region",
            heading="地区",
            label="Place",
            read=values.text(),
            required=True,
            synonyms=(
                "村(社区)",
                "村",
                "乡镇",
                "区划代码",
                "范围",
                "适用地区",
                "region",
                "乡镇(街道)",
                "地区代码",
                "place",
            ),  # fmt: skip
            note="Code or name of a village, a town or the district",
            example="示例镇",
        ),
        Field(
            key="rule",
            heading="日期规则",
            label="Days",
            read=blackout,
            required=True,
            synonyms=("规则", "日期", "赶集日", "免打扰日", "免打扰日期", "rule", "days", "时间"),
            note="逢三逢八, 公历逢三逢八, 每周三, 5月20日-6月10日, 2027-03-05、2027-03-09",
            example="逢三逢八",
        ),
        Field(
            key="name",
            heading="事由",
            label="Reason",
            read=values.text(),
            synonyms=("原因", "名称", "备注", "reason", "name"),
            example="赶集",
        ),
    ),
)
CALENDAR: Final = Kind(
    key="calendar",
    title="工作日历",
    label="Working calendar",
    hints=("日历", "放假", "调休", "节假日", "calendar"),
    identity=("day",),
    fields=(
        Field(
            key="day",
            heading="日期",
            label="Day",
            read=values.day,
            required=True,
            synonyms=("day", "date"),
            example="2027-05-01",
        ),
        Field(
            key="kind",
            heading="类型",
            label="Holiday or working day",
            read=values.choice(DAY_KINDS),
            required=True,
            synonyms=("类别", "安排", "kind", "type"),
            note="放假 or 调休上班; only days that differ from their weekday",
            example="放假",
        ),
        Field(
            key="name",
            heading="名称",
            label="Name",
            read=values.text(),
            synonyms=("节日", "说明", "name", "备注"),
            example="劳动节",
        ),
    ),
)
VISITS: Final = Kind(
    key="visits",
    title="走访记录",
    label="Past visits",
    hints=("走访记录", "记录", "走访台账", "visit"),
    identity=("household", "day", "cadre", "outcome"),
    fields=(
        Field(
            key="household",
            heading="户号",
            label="Household number",
            read=values.identifier,
            required=True,
            synonyms=("户编号", "走访户", "household", "household_id"),
            example="例-0001",
        ),
        Field(
            key="day",
            heading="走访日期",
            label="Day",
            read=values.day,
            required=True,
            synonyms=("日期", "时间", "走访时间", "day", "date"),
            example="2027-01-12",
        ),
        Field(
            key="cadre",
            heading="走访干部",
            label="Cadre",
            read=values.text(),
            synonyms=("干部编号", "干部", "走访人", "cadre", "cadre_id"),
            note="Number, or the name where only one cadre has it",
            example="例-G001",
        ),
        Field(
            key="unit_name",
            heading="走访单位",
            label="Unit",
            read=values.text(),
            synonyms=("单位", "部门", "unit", "unit_name"),
            note="Who came, where no cadre is named",
            example="",
        ),
        Field(
            key="outcome",
            heading="结果",
            label="Outcome",
            read=values.choice(OUTCOMES),
            synonyms=("走访结果", "方式", "outcome", "类型"),
            note="见面, 无人, 迁出, 拒访, 电话, 填表 or 座谈; 见面 if empty",
            example="见面",
        ),
        Field(
            key="minutes",
            heading="时长",
            label="Minutes",
            read=values.whole(0, 600),
            synonyms=("分钟", "时长(分钟)", "minutes", "走访时长"),
            example="30",
        ),
        Field(
            key="party_size",
            heading="同行人数",
            label="Party size",
            read=values.whole(1, 50),
            synonyms=("人数", "party_size", "走访人数"),
            example="1",
        ),
        Field(
            key="note",
            heading="备注",
            label="Note",
            read=values.text(2000),
            synonyms=("情况", "走访情况", "note", "说明"),
            example="",
        ),
    ),
)
VILLAGES: Final = Kind(
    key="villages",
    title="村(社区)名单",
    label="Villages without boundaries",
    hints=("村名单", "区划", "villages"),
    identity=("code",),
    fields=(
        Field(
            key="code",
            heading="区划代码",
            label="Code",
            read=values.identifier,
            required=True,
            synonyms=("村代码", "行政区划代码", "code", "代码", "统计用区划代码", "village_code"),
            note="12 digits as text",
            example="340811001002",
        ),
        Field(
            key="name",
            heading="名称",
            label="Name",
            read=values.text(),
            required=True,
            synonyms=("村(社区)", "村名", "name", "村(社区)名称"),
            example="示例村",
        ),
        Field(
            key="kind",
            heading="类型",
            label="Village or community",
            read=values.choice(VILLAGE_KINDS),
            synonyms=("类别", "kind", "性质"),
            note="村 or 社区",
            example="村",
        ),
        Field(
            key="town_name",
            heading="乡镇(街道)",
            label="Town",
            read=values.text(),
            required=True,
            synonyms=("乡镇", "街道", "town", "town_name", "所属乡镇"),
            example="示例镇",
        ),
    ),
)

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        kind.key: kind
        for kind in (
            VILLAGES,
            UNITS,
            CADRES,
            HOUSEHOLDS,
            ENTERPRISES,
            PAIRINGS,
            BLACKOUTS,
            CALENDAR,
            VISITS,
        )  # fmt: skip
    }
)
PLACES: Final = ("boundaries", "district", "roads")
ORDER: Final = ("district", "boundaries", "roads", *KINDS)
"""The order in which the files of one import build upon each other."""
