"""Fields that several registers share: the village, the point, the address, what is needed."""

from data.importing import values, windows
from data.importing.fields import Field

VILLAGE = (
    Field(
        key="village_code",
        heading="村代码",
        label="Village code",
        read=values.identifier,
        synonyms=(
            "村(社区)代码 村级代码 行政区划代码 区划代码 "
            "社区代码 village_code 行政村代码 村社区代码 统计用区划代码"
        ),
        note="12 digits as text; either the code or the name of the village is needed",
        example="340811001002",
    ),
    Field(
        key="village",
        heading="村(社区)",
        label="Village",
        read=values.text(),
        synonyms=(
            "村 社区 行政村 村名 村(居) 所在村 村社区 village 居委会 村居 所属村 village_name"
        ),
        note="Name as on the boundary layer; add the town when two villages share a name",
        example="示例村",
    ),
    Field(
        key="town",
        heading="乡镇(街道)",
        label="Town",
        read=values.text(),
        synonyms="乡镇 街道 镇 乡 所在乡镇 镇街 town 乡镇街道",
        note="Only needed when the village is given by name",
        example="示例镇",
    ),
)
POINT = (
    Field(
        key="lon",
        heading="经度",
        label="Longitude",
        read=values.coordinate,
        synonyms="lon lng longitude x x坐标 东经 经度坐标",
        note="Degrees; the coordinate system is checked on the map",
        example="117.0512",
    ),
    Field(
        key="lat",
        heading="纬度",
        label="Latitude",
        read=values.coordinate,
        synonyms="lat latitude y y坐标 北纬 纬度坐标",
        note="Degrees",
        example="30.5208",
    ),
    Field(
        key="point",
        heading="坐标",
        label="Coordinate pair",
        read=values.pair,
        synonyms="经纬度 坐标点 位置坐标 location gps gps坐标",
        note="Longitude,latitude in one cell, instead of two columns",
        example="",
    ),
)
NEEDS = (
    Field(
        key="visits_due",
        heading="应访次数",
        label="Visits due",
        read=values.whole(0, 60),
        synonyms="走访次数 次数 应走访次数 visits_due visits",
        note="Visits owed in the period; 1 if empty",
        example="1",
    ),
    Field(
        key="min_gap_days",
        heading="间隔天数",
        label="Days between visits",
        read=values.whole(1, 366),
        synonyms="最小间隔 走访间隔 间隔 户间隔 min_gap_days gap",
        note="Fewest days from one visit to the next; 28 if empty",
        example="28",
    ),
    Field(
        key="service_min",
        heading="入户分钟",
        label="Minutes at the door",
        read=values.whole(5, 240),
        synonyms="入户时长 时长(分钟) 走访时长 service_min 停留分钟 预计时长",
        note="Minutes a visit takes; 30 if empty",
        example="30",
    ),
    Field(
        key="windows",
        heading="可访时段",
        label="Hours that suit",
        read=windows.windows,
        synonyms=("时间窗 方便时间 在家时间 可访时间 接待时间 时段 windows 办公时间 营业时间"),
        note="上午, 下午 or times such as 08:30-11:30、14:30-17:30; both half-days if empty",
        example="08:30-11:30、14:30-17:30",
    ),
    Field(
        key="priority",
        heading="优先级",
        label="Priority",
        read=values.whole(1, 10),
        synonyms="优先 权重 priority 重要程度",
        note="1 to 10; 1 if empty",
        example="1",
    ),
    Field(
        key="not_before",
        heading="不早于",
        label="Not before",
        read=values.day,
        synonyms="最早日期 外出至 not_before 开始日期",
        note="Date such as 2027-03-15: away until then",
        example="",
    ),
    Field(
        key="not_after",
        heading="不晚于",
        label="Not after",
        read=values.day,
        synonyms="最晚日期 截止日期 not_after 结束日期",
        note="Date such as 2027-05-15",
        example="",
    ),
)
ADDRESS = (
    Field(
        key="address",
        heading="住址",
        label="Address",
        read=values.text(),
        synonyms="地址 家庭住址 门牌号 address 详细地址 企业地址",
        example="示例路1号",
    ),
    Field(
        key="phone",
        heading="联系电话",
        label="Phone",
        read=values.identifier,
        synonyms="电话 手机 手机号 联系方式 手机号码 phone",
        note="As text, so that no digit is lost",
        example="",
    ),
)
