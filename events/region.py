"""An invented region of any size, for measuring: `manage.py make_region`.

Every name says that it is invented (“Exampleland”, 示例国). The same size and seed give the same region. It is
written in bulk and leaves no histories: nobody edited it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from random import Random

from django.db import models

from companies.models import (
    Indicator,
    IndicatorCitation,
    Observation,
    ObservationCitation,
    Organization,
    OrganizationCitation,
    Place,
    PlaceCitation,
    Presence,
    Sector,
)
from companies.models.organizations import SectorMembership
from events.models import (
    Agreement,
    AgreementCitation,
    AgreementParty,
    Amount,
    Announcement,
    AnnouncementCitation,
    Appearance,
    Conference,
    ConferenceCitation,
    InvestmentProject,
    InvestmentProjectCitation,
    Milestone,
    MilestoneCitation,
    Series,
    Session,
    Signing,
    Speaker,
)
from portal.models import Source
from portal.partial_dates import PartialDate

BATCH = 2000
PUBLISHED = datetime(2024, 1, 1, tzinfo=UTC)
FIRST_YEAR, YEARS = 2005, 20
NORTH = (
    *("North", "South", "East", "West", "Upper", "Lower", "New", "Old"),
    *("Silver", "Golden", "Clear", "Deep", "Bright", "Quiet", "Long", "High"),
)
NORTH_ZH = "北南东西上下新旧银金清深明静长高"
LAKE = ("lake", "field", "gate", "bridge", "harbour", "meadow", "ridge", "spring", "stone", "river", "wood", "shore")
LAKE_ZH = ("湖", "野", "门", "桥", "港", "原", "岭", "泉", "石", "河", "林", "岸")
FIELD = ("Biologics", "Devices", "Vaccines", "Diagnostics", "Reagents", "Genomics", "Materials", "Imaging", "Pharma")
FIELD_ZH = ("生物制品", "医疗器械", "疫苗", "诊断", "试剂", "基因", "材料", "影像", "医药")
PERSON, PERSON_ZH = ("Anna", "Bo", "Chen", "Dana", "Emil", "Fang", "Gero", "Hua"), "安波晨丹恩芳格华"
POSTS = (("Director", "主任"), ("Chief scientist", "首席科学家"), ("Founder", "创始人"), ("Professor", "教授"))


@dataclass(frozen=True)
class Size:
    """How many of each; the largest conference has all `sessions` and `speakers`."""

    organizations: int = 1000
    agreements: int = 200
    projects: int = 50
    conferences: int = 10
    sessions: int = 100
    speakers: int = 80
    announcements: int = 100

    @property
    def total(self) -> int:
        return sum(vars(self).values())


def named(n) -> tuple[str, str]:
    """The invented name with the number `n`, in English and Chinese."""
    a, b, c = n % len(NORTH), n // len(NORTH) % len(LAKE), n // len(NORTH) // len(LAKE) % len(FIELD)
    return f"{NORTH[a]}{LAKE[b]} {FIELD[c]}", f"{NORTH_ZH[a]}{LAKE_ZH[b]}{FIELD_ZH[c]}"


class Region:
    """Writes the region; `report` hears how many more records stand."""

    def __init__(self, size: Size, seed: int = 1, report: Callable[[int], None] = lambda number: None):
        self.size, self.report = size, report
        self.random = Random(seed)  # noqa: S311 (nothing secret)

    def build(self):
        self.source = Source.objects.create(
            slug="invented-gazette",
            title_en="Invented report of Exampleland",
            title_zh_hans="示例国的虚构报道",
            publisher_en="Exampleland Gazette (invented)",
            publisher_zh_hans="示例国公报（虚构）",
            source_type=Source.Type.OFFICIAL_NOTICE,
            language="en",
            published_on=PartialDate(2024, 1, 1),
        )
        self.sectors = self._written(Sector, len(FIELD), self._sector)
        self.district = self._district()
        self.parks = self._cited(PlaceCitation, self._written(Place, 40, self._park))
        self._indicators()
        self.organizations = self._written(Organization, self.size.organizations, self._organization)
        self._of_organizations()
        self.projects = self._cited(
            InvestmentProjectCitation, self._written(InvestmentProject, self.size.projects, self._project)
        )
        milestones = [
            each for number, project in enumerate(self.projects) for each in self._milestones(number, project)
        ]
        self._cited(MilestoneCitation, Milestone.objects.bulk_create(milestones, BATCH))
        self.series = Series.objects.create(
            slug="invented-week", name_en="Exampleland Week", name_zh_hans="示例国周", published_at=PUBLISHED
        )
        self.conferences = self._cited(
            ConferenceCitation, self._written(Conference, self.size.conferences, self._conference)
        )
        self._programme()
        self.agreements = self._cited(
            AgreementCitation, self._written(Agreement, self.size.agreements, self._agreement)
        )
        self._of_agreements()
        self._cited(AnnouncementCitation, self._written(Announcement, self.size.announcements, self._announcement))

    def _written(self, model, number, make) -> list:
        return list(self._in_bulk(model, (make(n) for n in range(number))))

    def _in_bulk(self, model, records: Iterator[models.Model]) -> Iterator[models.Model]:
        """Writes `records` a batch at a time and gives them back with their keys."""
        while batch := list(islice(records, BATCH)):
            yield from model.objects.bulk_create(batch, BATCH)
            self.report(len(batch))

    def _cited(self, citation, records) -> list:
        """`records`, each resting on the one invented source."""
        citation.objects.bulk_create((citation(record=each, source=self.source) for each in records), BATCH)
        return records

    def _record(self, model, n, title_en, title_zh, **facts):
        title = "title" if hasattr(model, "title_en") else "name"
        texts = {f"{title}_en": f"Exampleland {title_en}", f"{title}_zh_hans": f"示例国{title_zh}"}
        return model(slug=f"invented-{model._meta.model_name}-{n}", published_at=PUBLISHED, **texts, **facts)

    def _some(self, number) -> int:
        return self.random.randrange(number)

    # --- The district -------------------------------------------------------------------------------------------------

    def _sector(self, n):
        return Sector(slug=f"invented-{n}", name_en=f"Exampleland {FIELD[n]}", name_zh_hans=f"示例国{FIELD_ZH[n]}")

    def _district(self):
        district = self._record(Place, "district", "district (invented)", "地区（虚构）", kind=Place.Kind.DISTRICT)
        district.save()
        self._cited(PlaceCitation, [district])
        return district

    def _park(self, n):
        english, chinese = named(n)
        return self._record(Place, n, f"{english} Park", f"{chinese}园", kind=Place.Kind.PARK, part_of=self.district)

    def _indicators(self):
        companies = self._record(
            Indicator, "companies", "companies", "企业数", place=self.district, unit_en="companies", unit_zh_hans="家"
        )
        companies.home_position = 1
        companies.save()
        self._cited(IndicatorCitation, [companies])
        values = [
            Observation(
                indicator=companies,
                period=PartialDate(FIRST_YEAR + n),
                quantity_value=Decimal(100 + 17 * n),
                rank=Observation.Rank.PREFERRED,
                published_at=PUBLISHED,
            )
            for n in range(YEARS)
        ]
        self._cited(ObservationCitation, Observation.objects.bulk_create(values))

    def _organization(self, n):
        english, chinese = named(n)
        kinds = Organization.Kind.values
        return self._record(
            Organization,
            n,
            f"{english} {n}",
            f"{chinese}有限公司{n}号",
            kind=Organization.Kind.COMPANY if n % 5 else kinds[n // 5 % len(kinds)],
            summary_en=f"An invented company in {english.split()[0]}.",
            summary_zh_hans=f"位于{chinese[:2]}的虚构企业。",
        )

    def _of_organizations(self):
        self._cited(OrganizationCitation, self.organizations)
        SectorMembership.objects.bulk_create(
            (
                SectorMembership(organization=each, sector=self.sectors[n % len(self.sectors)])
                for n, each in enumerate(self.organizations)
            ),
            BATCH,
        )
        kinds = Presence.Kind.values
        Presence.objects.bulk_create(
            (
                Presence(organization=each, place=self.parks[n % len(self.parks)], kind=kinds[n % (len(kinds) - 1)])
                for n, each in enumerate(self.organizations)
            ),
            BATCH,
        )

    # --- What is built ------------------------------------------------------------------------------------------------

    def _project(self, n):
        english, chinese = named(n)
        place = self.parks[n % len(self.parks)]
        return self._record(InvestmentProject, n, f"{english} plant {n}", f"{chinese}工厂{n}号", place=place)

    def _milestones(self, n, project) -> list[Milestone]:
        """As many steps as the number has them: from none to operating."""
        steps = ("registered", "approved", "construction_started", "completed", "operating")
        year = FIRST_YEAR + n % (YEARS - len(steps))
        return [
            Milestone(project=project, kind=step, met_on=PartialDate(year + later, 6), due_on=PartialDate(year + later))
            for later, step in enumerate(steps[: n % (len(steps) + 1)])
        ]

    # --- Conferences --------------------------------------------------------------------------------------------------

    def _conference(self, n):
        opens = date(FIRST_YEAR + n % YEARS, 1 + n % 12, 1 + n % 20)
        closes = opens + timedelta(days=2)
        return self._record(
            Conference,
            n,
            f"Conference {n}",
            f"大会{n}",
            series=self.series,
            venue=self.parks[n % len(self.parks)],
            starts_on=PartialDate(opens.year, opens.month, opens.day),
            ends_on=PartialDate(closes.year, closes.month, closes.day),
        )

    def _programme(self):
        """All of it in the first conference."""
        if not self.conferences:
            return
        self.sessions = self._written(Session, self.size.sessions, self._session)
        self.speakers = self._written(Speaker, self.size.speakers, self._speaker)
        Appearance.objects.bulk_create(
            (self._appearance(n, speaker) for n, speaker in enumerate(self.speakers) if self.sessions), BATCH
        )

    def _session(self, n):
        english, chinese = named(n)
        conference = self.conferences[0]
        begins = datetime.combine(date.fromisoformat(str(conference.starts_on)), time(9)) + timedelta(
            days=n % 3, minutes=15 * (n // 3 % 36)
        )
        return self._record(
            Session,
            n,
            f"talk about {english} {n}",
            f"{chinese}报告{n}",
            conference=conference,
            kind=Session.Kind.TALK,
            day=begins.date(),
            starts_at=begins.time(),
            ends_at=(begins + timedelta(minutes=15)).time(),
            room_en=f"Room {n // 108 + 1}",
            room_zh_hans=f"{n // 108 + 1}号厅",
        )

    def _speaker(self, n):
        english, chinese = named(n)
        first = n % len(PERSON)
        return self._record(
            Speaker, n, f"{PERSON[first]} {english.split()[0]} {n}", f"{chinese[:2]}{PERSON_ZH[first]}{n}"
        )

    def _appearance(self, n, speaker):
        post = POSTS[n % len(POSTS)]
        company = self.organizations[n % len(self.organizations)] if self.organizations else None
        return Appearance(
            speaker=speaker,
            session=self.sessions[n % len(self.sessions)],
            post_en=post[0],
            post_zh_hans=post[1],
            organization=company,
            organization_name_en=company.name_en if company else "",
            organization_name_zh_hans=company.name_zh_hans if company else "",
            position=n,
        )

    # --- What was signed ----------------------------------------------------------------------------------------------

    def _agreement(self, n):
        english, chinese = named(n)
        kinds = Agreement.Kind.values
        return self._record(
            Agreement,
            n,
            f"{english} agreement {n}",
            f"{chinese}协议{n}",
            kind=Agreement.Kind.INVESTMENT if n % 2 else kinds[n // 2 % len(kinds)],
            place=self.parks[n % len(self.parks)],
            project=self.projects[n] if n < len(self.projects) else None,
            summary_en="An invented agreement.",
            summary_zh_hans="虚构的协议。",
        )

    def _of_agreements(self):
        """Parties, the signing, and for four of five an amount, in every way in which a source can put it."""
        signs = ("=", ">", "<=", ">=")
        organizations, conferences = self.organizations, self.conferences
        numbered = list(enumerate(self.agreements))
        AgreementParty.objects.bulk_create(
            (
                AgreementParty(
                    agreement=each,
                    organization=organizations[self._some(len(organizations))] if organizations else None,
                    name_en="" if organizations else "Exampleland party",
                    role=AgreementParty.Role.INVESTOR,
                )
                for _n, each in numbered
            ),
            BATCH,
        )
        Signing.objects.bulk_create(
            (
                Signing(
                    agreement=each,
                    conference=conferences[n % len(conferences)] if conferences else None,
                    signed_on=PartialDate(FIRST_YEAR + n % YEARS, 1 + n % 12),
                )
                for n, each in numbered
            ),
            BATCH,
        )
        Amount.objects.bulk_create(
            (
                Amount(
                    agreement=each,
                    currency="USD" if n % 10 == 0 else "CNY",
                    quantity_value=Decimal(10**6 * (n % 977 + 1)),
                    quantity_comparator=signs[n % len(signs)],
                )
                for n, each in numbered
                if n % 5
            ),
            BATCH,
        )
        memberships = Agreement.sectors.through
        memberships.objects.bulk_create(
            (memberships(agreement=each, sector=self.sectors[n % len(self.sectors)]) for n, each in numbered), BATCH
        )

    def _announcement(self, n):
        english, chinese = named(n)
        return self._record(
            Announcement,
            n,
            f"{english} news {n}",
            f"{chinese}消息{n}",
            conference=self.conferences[n % len(self.conferences)] if self.conferences else None,
            announced_on=PartialDate(FIRST_YEAR + n % YEARS, 1 + n % 12, 1 + n % 28),
            body_en=f"<p>Invented news about {english}.</p>",
            body_zh_hans=f"<p>关于{chinese}的虚构消息。</p>",
        )
