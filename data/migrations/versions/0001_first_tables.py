"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "actor_id",
            sa.Integer(),
            nullable=True,
            comment="user id; null: the system or the shell",
        ),
        sa.Column(
            "action",
            sa.String(length=40),
            nullable=False,
            comment="import.confirm, plan.publish ...",
        ),
        sa.Column("entity", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.String(length=40), nullable=False),
        sa.Column(
            "facts", sa.JSON(), nullable=False, comment="ids, counts, field names; no values"
        ),
        sa.Column("before_hash", sa.String(length=120), nullable=False),
        sa.Column("row_hash", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        comment="Audit rows; each holds the hash of the one before",
    )
    with op.batch_alter_table("audit") as batch_op:
        batch_op.create_index("ix_audit_entity", ["entity", "entity_id"], unique=False)

    op.create_table(
        "campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False, comment="see data.rules.CampaignRules"),
        sa.Column(
            "selection",
            sa.String(length=40),
            nullable=False,
            comment="all: every owed household; listed: campaign_household",
        ),
        sa.Column(
            "draw", sa.JSON(), nullable=True, comment="how the list was drawn: count, seed, day"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        comment="Campaigns: period, rules, who takes part",
    )
    op.create_table(
        "login_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_failure")),
        comment="Failed sign-ins, for throttling",
    )
    with op.batch_alter_table("login_failure") as batch_op:
        batch_op.create_index("ix_login_failure_address_at", ["address", "at"], unique=False)
        batch_op.create_index("ix_login_failure_name_at", ["name", "at"], unique=False)

    op.create_table(
        "travel_cache",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cache_key", sa.String(length=120), nullable=False),
        sa.Column("engine", sa.String(length=40), nullable=False, comment="road | line"),
        sa.Column("facts", sa.JSON(), nullable=False, comment="mode, speeds, unreachable stops"),
        sa.Column("matrix", sa.LargeBinary(), nullable=False, comment="NumPy .npy, minutes (n, n)"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_travel_cache")),
        sa.UniqueConstraint("cache_key", name=op.f("uq_travel_cache_cache_key")),
        comment="Travel matrices by content: graph, mode, speeds, stops",
    )
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False, comment="what one signs in with"),
        sa.Column("display_name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=120), nullable=False, comment="argon2id"),
        sa.Column("must_change", sa.Boolean(), nullable=False, comment="a one-time first password"),
        sa.Column(
            "role",
            sa.String(length=40),
            nullable=False,
            comment="admin | planner | coordinator | cadre",
        ),
        sa.Column("cadre_id", sa.Integer(), nullable=True, comment="the cadre this account is"),
        sa.Column("locale", sa.String(length=40), nullable=False, comment="zh | en"),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("cadre_id", name=op.f("uq_user_cadre_id")),
        sa.UniqueConstraint("name", name=op.f("uq_user_name")),
        comment="Accounts",
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.String(length=40),
            nullable=False,
            comment="boundaries | households | cadres | units | pairings | enterprises | blackouts | visits | calendar | villages | roads | district",
        ),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=120), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False, comment="columns and systems as confirmed"),
        sa.Column("counts", sa.JSON(), nullable=False, comment="added, changed, unchanged"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user.id"], name=op.f("fk_import_batch_created_by_user")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["user.id"], name=op.f("fk_import_batch_undone_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        comment="Imports, each undone as one",
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False, comment="solve"),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column(
            "payload", sa.LargeBinary(), nullable=True, comment="the frozen problem, gzipped JSON"
        ),
        sa.Column("input_hash", sa.String(length=120), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.String(length=40),
            nullable=False,
            comment="queued | running | done | failed | cancelled",
        ),
        sa.Column("reason", sa.String(length=120), nullable=False, comment="code of why it failed"),
        sa.Column(
            "progress",
            sa.JSON(),
            nullable=False,
            comment="J, unplanned, bound, seconds, phase, keep",
        ),
        sa.Column("seq", sa.Integer(), nullable=False, comment="number of the newest event"),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False, comment="keeper that runs it"),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column(
            "incumbent", sa.LargeBinary(), nullable=True, comment="best plan so far, gzipped JSON"
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_job_created_by_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        comment="Jobs; args hold ids only",
    )
    with op.batch_alter_table("job") as batch_op:
        batch_op.create_index("ix_job_state", ["state", "id"], unique=False)

    op.create_table(
        "login",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "token_hash", sa.String(length=120), nullable=False, comment="SHA-256 of the token"
        ),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_login_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_token_hash")),
        comment="Server-side logins",
    )
    with op.batch_alter_table("login") as batch_op:
        batch_op.create_index(batch_op.f("ix_login_user_id"), ["user_id"], unique=False)

    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.String(length=40),
            nullable=False,
            comment="holiday | workday (a weekend that is worked)",
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "official",
            sa.Boolean(),
            nullable=False,
            comment="false: assumed, to be confirmed when the State Council publishes",
        ),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_calendar_day_batch_id_import_batch")
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
        comment="Official calendar: holidays and swapped days 调休",
    )
    op.create_table(
        "import_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.String(length=40), nullable=False, comment="primary key as text"),
        sa.Column("before", sa.JSON(), nullable=True, comment="columns before; bytes as hex"),
        sa.Column(
            "after",
            sa.JSON(),
            nullable=True,
            comment="columns after: an undo refuses when they have moved on",
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_change_batch_id_import_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_change")),
        comment="What a batch changed, so that it can be undone",
    )
    with op.batch_alter_table("import_change") as batch_op:
        batch_op.create_index(batch_op.f("ix_import_change_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index("ix_import_change_row", ["table_name", "row_id"], unique=False)

    op.create_table(
        "job_event",
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.id"], name=op.f("fk_job_event_job_id_job"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", "seq", name=op.f("pk_job_event")),
        comment="Progress events of jobs",
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="1, 2, ... within its campaign"),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "state", sa.String(length=40), nullable=False, comment="draft | published | replaced"
        ),
        sa.Column(
            "status", sa.String(length=40), nullable=False, comment="optimal | feasible | stopped"
        ),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("objective", sa.Double(), nullable=False, comment="J of the contract"),
        sa.Column("bound", sa.Double(), nullable=True, comment="proven lower bound of J"),
        sa.Column("visit_count", sa.Integer(), nullable=False),
        sa.Column(
            "unplanned_count",
            sa.Integer(),
            nullable=False,
            comment="missing visits, not households",
        ),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("travel_engine", sa.String(length=40), nullable=False, comment="road | line"),
        sa.Column("facts", sa.JSON(), nullable=False, comment="metrics, engine, unreachable stops"),
        sa.Column(
            "problem", sa.LargeBinary(), nullable=False, comment="zoufang-problem/1, gzipped JSON"
        ),
        sa.Column(
            "document", sa.LargeBinary(), nullable=False, comment="zoufang-plan/1, gzipped JSON"
        ),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_plan_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_plan_created_by_user")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_plan_job_id_job")),
        sa.ForeignKeyConstraint(
            ["published_by"], ["user.id"], name=op.f("fk_plan_published_by_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_plan_campaign_id_number")),
        sa.UniqueConstraint("job_id", name=op.f("uq_plan_job_id")),
        comment="Plans 方案; problem and plan are kept as the contract's documents",
    )
    with op.batch_alter_table("plan") as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_campaign_id"), ["campaign_id"], unique=False)

    op.create_table(
        "region",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "code", sa.String(length=12), nullable=False, comment="12-digit code 区划代码, as text"
        ),
        sa.Column(
            "name", sa.String(length=120), nullable=False, comment="name as on its seal; not unique"
        ),
        sa.Column(
            "kind",
            sa.String(length=40),
            nullable=False,
            comment="district | town | village | community",
        ),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column(
            "geometry",
            sa.LargeBinary(),
            nullable=True,
            comment="WKB, WGS-84 lon lat; villages only, larger areas are dissolved",
        ),
        sa.Column("min_lon", sa.Double(), nullable=True, comment="bounding box, degrees"),
        sa.Column("min_lat", sa.Double(), nullable=True),
        sa.Column("max_lon", sa.Double(), nullable=True),
        sa.Column("max_lat", sa.Double(), nullable=True),
        sa.Column(
            "synthetic_shape",
            sa.Boolean(),
            nullable=False,
            comment="true: an invented shape, never shown as a boundary of record",
        ),
        sa.Column(
            "source", sa.String(length=120), nullable=False, comment="where the boundary came from"
        ),
        sa.Column("valid_from", sa.Date(), nullable=True, comment="first day the code is in force"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="last day the code is in force"),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_region_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["region.id"], name=op.f("fk_region_parent_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("code", name=op.f("uq_region_code")),
        comment="Region tree 区县 > 乡镇/街道 > 村/社区, with boundaries",
    )
    with op.batch_alter_table("region") as batch_op:
        batch_op.create_index(
            "ix_region_box", ["min_lon", "min_lat", "max_lon", "max_lat"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_region_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "road_graph",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "name", sa.String(length=120), nullable=False, comment="file name of the extract"
        ),
        sa.Column(
            "attribution", sa.String(length=120), nullable=False, comment="shown on every map"
        ),
        sa.Column(
            "content_hash",
            sa.String(length=120),
            nullable=False,
            comment="of the edges; part of cache keys",
        ),
        sa.Column("edges", sa.LargeBinary(), nullable=False, comment="edge frame, NumPy .npz"),
        sa.Column("edge_count", sa.Integer(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_road_graph_batch_id_import_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_road_graph")),
        comment="Road graphs made from extracts",
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "number", sa.String(length=40), nullable=False, comment="registry number 单位编号"
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_unit_batch_id_import_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("number", name=op.f("uq_unit_number")),
        comment="Departments 单位",
    )
    op.create_table(
        "blackout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "region_id",
            sa.Integer(),
            nullable=False,
            comment="village, town or district it holds for",
        ),
        sa.Column(
            "rule",
            sa.String(length=40),
            nullable=False,
            comment="dates | range | weekday | market_solar | market_lunar",
        ),
        sa.Column(
            "params",
            sa.JSON(),
            nullable=False,
            comment='dates {"dates": [...]}; range {"from", "to", "yearly"}; weekday {"weekdays": [1]}; market {"digits": [3, 8]}: days of the month ending so, solar or lunar (逢三逢八)',
        ),
        sa.Column(
            "name", sa.String(length=120), nullable=False, comment="reason: 赶集, 农忙, 白事 ..."
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_blackout_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(
            ["region_id"], ["region.id"], name=op.f("fk_blackout_region_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blackout")),
        comment="免打扰日: market days, farming seasons, single dates",
    )
    with op.batch_alter_table("blackout") as batch_op:
        batch_op.create_index(batch_op.f("ix_blackout_region_id"), ["region_id"], unique=False)

    op.create_table(
        "cadre",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "number", sa.String(length=40), nullable=False, comment="registry number 干部编号"
        ),
        sa.Column("name", sa.String(length=120), nullable=False, comment="personal"),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False, comment="leader | staff"),
        sa.Column(
            "base_lon",
            sa.Double(),
            nullable=False,
            comment="where a day starts and ends, WGS-84 degrees",
        ),
        sa.Column("base_lat", sa.Double(), nullable=False),
        sa.Column(
            "quota",
            sa.Integer(),
            nullable=False,
            comment="distinct households at least, in a campaign",
        ),
        sa.Column("max_visits_per_day", sa.Integer(), nullable=False),
        sa.Column(
            "availability",
            sa.JSON(),
            nullable=False,
            comment='weekly pattern {"1": [[510, 690], [870, 1050]], ...}: ISO weekday -> shifts, minutes after midnight; a weekday that is absent is not available',
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_cadre_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_cadre_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cadre")),
        sa.UniqueConstraint("number", name=op.f("uq_cadre_number")),
        comment="Cadres 干部",
    )
    with op.batch_alter_table("cadre") as batch_op:
        batch_op.create_index(batch_op.f("ix_cadre_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "household",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False, comment="registry number 户号"),
        sa.Column("kind", sa.String(length=40), nullable=False, comment="household | enterprise"),
        sa.Column(
            "name",
            sa.String(length=120),
            nullable=False,
            comment="householder 户主 or the enterprise; personal",
        ),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("hamlet", sa.String(length=120), nullable=False, comment="村民小组"),
        sa.Column("address", sa.String(length=120), nullable=False, comment="personal"),
        sa.Column("phone", sa.String(length=40), nullable=False, comment="personal, shown masked"),
        sa.Column("lon", sa.Double(), nullable=True, comment="WGS-84 degrees; null: not located"),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column(
            "raw_point",
            sa.JSON(),
            nullable=True,
            comment="the pair as given, its declared system and who decided, so that a wrong guess can be undone",
        ),
        sa.Column("visits_due", sa.Integer(), nullable=False, comment="visits owed in the period"),
        sa.Column(
            "min_gap_days", sa.Integer(), nullable=False, comment="fewest days between two visits"
        ),
        sa.Column("service_min", sa.Integer(), nullable=False, comment="minutes at the door"),
        sa.Column(
            "windows",
            sa.JSON(),
            nullable=False,
            comment="[[510, 690], [870, 1050]]: minutes after midnight, [start, end)",
        ),
        sa.Column(
            "care_group",
            sa.String(length=40),
            nullable=False,
            comment="key of 监测户, 低保户, 特困 ...; personal, never in scheduler",
        ),
        sa.Column("priority", sa.Integer(), nullable=False, comment="weight of a missing visit"),
        sa.Column("not_before", sa.Date(), nullable=True, comment="away until"),
        sa.Column("not_after", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.String(length=40),
            nullable=False,
            comment="active | moved | refused | merged",
        ),
        sa.Column(
            "draw_number",
            sa.Double(),
            nullable=False,
            comment="permanent random number in [0, 1) of the fair draw",
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_household_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(
            ["village_id"], ["region.id"], name=op.f("fk_household_village_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
        sa.UniqueConstraint("number", name=op.f("uq_household_number")),
        comment="Households 户 and enterprises 非公企业: everything that is visited",
    )
    with op.batch_alter_table("household") as batch_op:
        batch_op.create_index("ix_household_point", ["lon", "lat"], unique=False)
        batch_op.create_index(batch_op.f("ix_household_village_id"), ["village_id"], unique=False)

    op.create_table(
        "village_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_village_link_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_village_link_unit_id_unit")
        ),
        sa.ForeignKeyConstraint(
            ["village_id"], ["region.id"], name=op.f("fk_village_link_village_id_region")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_link")),
        sa.UniqueConstraint("village_id", name=op.f("uq_village_link_village_id")),
        comment="包村: the unit that answers for a village",
    )
    with op.batch_alter_table("village_link") as batch_op:
        batch_op.create_index(batch_op.f("ix_village_link_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "cadre_absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cadre_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_cadre_absence_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(
            ["cadre_id"], ["cadre.id"], name=op.f("fk_cadre_absence_cadre_id_cadre")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cadre_absence")),
        comment="Days a cadre is away",
    )
    with op.batch_alter_table("cadre_absence") as batch_op:
        batch_op.create_index(batch_op.f("ix_cadre_absence_cadre_id"), ["cadre_id"], unique=False)

    op.create_table(
        "campaign_household",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaign.id"],
            name=op.f("fk_campaign_household_campaign_id_campaign"),
        ),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name=op.f("fk_campaign_household_household_id_household"),
        ),
        sa.PrimaryKeyConstraint("campaign_id", "household_id", name=op.f("pk_campaign_household")),
        comment="Households that take part in a campaign",
    )
    op.create_table(
        "pairing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("cadre_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_pairing_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(["cadre_id"], ["cadre.id"], name=op.f("fk_pairing_cadre_id_cadre")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_pairing_household_id_household")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing")),
        sa.UniqueConstraint("household_id", name=op.f("uq_pairing_household_id")),
        comment="结对帮扶",
    )
    with op.batch_alter_table("pairing") as batch_op:
        batch_op.create_index(batch_op.f("ix_pairing_cadre_id"), ["cadre_id"], unique=False)

    op.create_table(
        "planned_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("cadre_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("start_min", sa.Double(), nullable=False, comment="minutes after midnight"),
        sa.Column("end_min", sa.Double(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="1, 2, ... along the day"),
        sa.ForeignKeyConstraint(
            ["cadre_id"], ["cadre.id"], name=op.f("fk_planned_visit_cadre_id_cadre")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_planned_visit_household_id_household")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_planned_visit_plan_id_plan"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_visit")),
        comment="Visits of a plan",
    )
    with op.batch_alter_table("planned_visit") as batch_op:
        batch_op.create_index(
            "ix_planned_visit_cadre_day", ["plan_id", "cadre_id", "day"], unique=False
        )
        batch_op.create_index(
            "ix_planned_visit_household", ["plan_id", "household_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_planned_visit_household_id"), ["household_id"], unique=False
        )

    op.create_table(
        "unplanned_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False, comment="[{rule, code, detail, facts}]"),
        sa.ForeignKeyConstraint(
            ["household_id"],
            ["household.id"],
            name=op.f("fk_unplanned_visit_household_id_household"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["plan.id"],
            name=op.f("fk_unplanned_visit_plan_id_plan"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unplanned_visit")),
        sa.UniqueConstraint(
            "plan_id", "household_id", name=op.f("uq_unplanned_visit_plan_id_household_id")
        ),
        comment="Visits that a plan lacks, with reasons",
    )
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "op_id",
            sa.String(length=40),
            nullable=False,
            comment="made by the sender; a repeat is answered, not stored again",
        ),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("cadre_id", sa.Integer(), nullable=True),
        sa.Column(
            "unit_name", sa.String(length=120), nullable=False, comment="who came, when not a cadre"
        ),
        sa.Column("planned_visit_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False, comment="day of the contact in Asia/Shanghai"),
        sa.Column(
            "outcome",
            sa.String(length=40),
            nullable=False,
            comment="visited | no_answer | moved | refused | call | form | meeting",
        ),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("party_size", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, comment="personal"),
        sa.Column("replaces_id", sa.Integer(), nullable=True, comment="the row this one corrects"),
        sa.Column(
            "withdrawn",
            sa.Boolean(),
            nullable=False,
            comment="this row takes back the one it replaces",
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_contact_batch_id_import_batch")
        ),
        sa.ForeignKeyConstraint(["cadre_id"], ["cadre.id"], name=op.f("fk_contact_cadre_id_cadre")),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_contact_household_id_household")
        ),
        sa.ForeignKeyConstraint(
            ["planned_visit_id"],
            ["planned_visit.id"],
            name=op.f("fk_contact_planned_visit_id_planned_visit"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user.id"], name=op.f("fk_contact_recorded_by_user")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["contact.id"], name=op.f("fk_contact_replaces_id_contact")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("op_id", name=op.f("uq_contact_op_id")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_contact_replaces_id")),
        comment="Contacts made 接触 (ledger); append only",
    )
    with op.batch_alter_table("contact") as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_cadre_id"), ["cadre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_day"), ["day"], unique=False)
        batch_op.create_index("ix_contact_household_day", ["household_id", "day"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_contact_planned_visit_id"), ["planned_visit_id"], unique=False
        )

    # The table of cadres is made after that of accounts, and they point at each other.
    with op.batch_alter_table("user") as batch_op:
        batch_op.create_foreign_key(
            batch_op.f("fk_user_cadre_id_cadre"), "cadre", ["cadre_id"], ["id"]
        )


def downgrade() -> None:

    with op.batch_alter_table("user") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_user_cadre_id_cadre"), type_="foreignkey")
    op.drop_table("contact")
    op.drop_table("unplanned_visit")
    op.drop_table("planned_visit")
    op.drop_table("pairing")
    op.drop_table("campaign_household")
    op.drop_table("cadre_absence")
    op.drop_table("village_link")
    op.drop_table("household")
    op.drop_table("cadre")
    op.drop_table("blackout")
    op.drop_table("unit")
    op.drop_table("road_graph")
    op.drop_table("region")
    op.drop_table("plan")
    op.drop_table("job_event")
    op.drop_table("import_change")
    op.drop_table("calendar_day")
    op.drop_table("login")
    op.drop_table("job")
    op.drop_table("import_batch")
    op.drop_table("user")
    op.drop_table("travel_cache")
    op.drop_table("login_failure")
    op.drop_table("campaign")
    op.drop_table("audit")
