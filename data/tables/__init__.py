"""The tables, one file a group of nouns; docs/data-dictionary.md is made from their comments."""

from data.tables.accounts import Audit, Login, LoginFailure, User
from data.tables.base import Base, UtcDateTime
from data.tables.calendar import Blackout, CalendarDay
from data.tables.contacts import Contact
from data.tables.imports import ImportBatch, ImportChange
from data.tables.jobs import Job, JobEvent
from data.tables.people import Cadre, CadreAbsence, Household, Pairing, Unit, VillageLink
from data.tables.places import Region, RoadGraph, TravelCache
from data.tables.plans import Campaign, CampaignHousehold, Plan, PlannedVisit, UnplannedVisit

__all__ = [
    "Audit",
    "Base",
    "Blackout",
    "Cadre",
    "CadreAbsence",
    "CalendarDay",
    "Campaign",
    "CampaignHousehold",
    "Contact",
    "Household",
    "ImportBatch",
    "ImportChange",
    "Job",
    "JobEvent",
    "Login",
    "LoginFailure",
    "Pairing",
    "Plan",
    "PlannedVisit",
    "Region",
    "RoadGraph",
    "TravelCache",
    "Unit",
    "UnplannedVisit",
    "User",
    "UtcDateTime",
    "VillageLink",
]
