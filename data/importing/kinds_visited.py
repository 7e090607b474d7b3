"""Registers of who and what is visited: villages, households, enterprises, days of peace."""

from typing import Final

from data.importing import values
from data.importing.blackout_words import blackout
from data.importing.fields import Field, Kind
from data.importing.kinds_shared import ADDRESS, NEEDS, POINT, VILLAGE
from data.importing.words import CARE_GROUPS, DAY_KINDS, VILLAGE_KINDS

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
            synonyms="村代码 行政区划代码 code 代码 统计用区划代码 village_code",
            note="12 digits as text",
            example="340811001002",
        ),
        Field(
            key="name",
            heading="名称",
            label="Name",
            read=values.text(),
            required=True,
            synonyms="村(社区) 村名 name 村(社区)名称",
            example="示例村",
        ),
        Field(
            key="kind",
            heading="类型",
            label="Village or community",
            read=values.choice(VILLAGE_KINDS),
            synonyms="类别 kind 性质",
            note="村 or 社区",
            example="村",
        ),
        Field(
            key="town_name",
            heading="乡镇(街道)",
            label="Town",
            read=values.text(),
            required=True,
            synonyms="乡镇 街道 town town_name 所属乡镇",
            example="示例镇",
        ),
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
                "户编号 户籍号 家庭编号 住户编号 编号 number household_id id household 台账编号"
            ),
            note="Unique in the district, as text; the same number again updates the row",
            example="例-0001",
        ),
        Field(
            key="name",
            heading="户主",
            label="Householder",
            read=values.text(),
            synonyms="户主姓名 姓名 householder name 家庭户主",
            example="示例户",
        ),
        *VILLAGE,
        Field(
            key="hamlet",
            heading="村民小组",
            label="Hamlet",
            read=values.text(),
            synonyms="小组 组别 组 自然村 村民组 居民小组 hamlet",
            example="一组",
        ),
        *ADDRESS,
        *POINT,
        *NEEDS,
        Field(
            key="care_group",
            heading="类别",
            label="Care group",
            read=values.choice_or_words(CARE_GROUPS),
            synonyms="户类型 户类别 困难类型 帮扶类型 人群类别 care_group 户属性",
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
            synonyms="编号 统一社会信用代码 信用代码 enterprise_id number id",
            note="Unique in the district, also among households; as text",
            example="例-Q001",
        ),
        Field(
            key="name",
            heading="企业名称",
            label="Enterprise",
            read=values.text(),
            required=True,
            synonyms="名称 公司名称 单位名称 企业 enterprise name",
            example="示例企业",
        ),
        *VILLAGE,
        *ADDRESS,
        *POINT,
        *NEEDS,
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
            synonyms=("村(社区) 村 乡镇 区划代码 范围 适用地区 region 乡镇(街道) 地区代码 place"),
            note="Code or name of a village, a town or the district",
            example="示例镇",
        ),
        Field(
            key="rule",
            heading="日期规则",
            label="Days",
            read=blackout,
            required=True,
            synonyms="规则 日期 赶集日 免打扰日 免打扰日期 rule days 时间",
            note="逢三逢八, 公历逢三逢八, 每周三, 5月20日-6月10日, 2027-03-05、2027-03-09",
            example="逢三逢八",
        ),
        Field(
            key="name",
            heading="事由",
            label="Reason",
            read=values.text(),
            synonyms="原因 名称 备注 reason name",
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
            synonyms="day date",
            example="2027-05-01",
        ),
        Field(
            key="kind",
            heading="类型",
            label="Holiday or working day",
            read=values.choice(DAY_KINDS),
            required=True,
            synonyms="类别 安排 kind type",
            note="放假 or 调休上班; only days that differ from their weekday",
            example="放假",
        ),
        Field(
            key="name",
            heading="名称",
            label="Name",
            read=values.text(),
            synonyms="节日 说明 name 备注",
            example="劳动节",
        ),
    ),
)
