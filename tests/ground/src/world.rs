//! One agency with its head office and two facilities, the shipped policies, a clock that stands still.

use crate::{Ground, Hand, packs, words};
use app::App;
use domain::ids::{AccountId, TenantId, UnitId};
use domain::organisation::{AgencyProfile, UnitKind, UnitProfile};
use domain::pack::SeriesId;
use domain::permission::{Grant, Role, Viewer};
use domain::time::{Instant, Zone};
use std::sync::Arc;

/// 20 November 2026, noon UTC.
pub const NOW: i64 = 1_795_176_000_000_000;

/// An agency on ground of its own.
pub struct World {
    /// The application.
    pub app: App,
    /// The agency.
    pub tenant: TenantId,
    /// Its head office, `DMH`.
    pub head: UnitId,
    /// Riverbend Center, `RVB`.
    pub unit: UnitId,
    /// Oak Grove Hospital, `OAK`.
    pub other_unit: UnitId,
    _ground: Ground,
}

/// Founds the agency.
pub async fn world() -> World {
    world_at(NOW).await
}

/// Founds the agency at another time: jobs are due by the clock of the machine, so what works on them begins in the past.
pub async fn world_at(now: i64) -> World {
    let ground = Ground::new().await;
    let app = ground.app(packs(), Arc::new(Hand::at(now)), ground.settings()).await;
    let profile = AgencyProfile {
        name: words("Department of Mental Health"),
        zone: Zone::named("America/Chicago").expect("a zone"),
        policies: vec![SeriesId::parse("us-mo/dmh").expect("a series")],
        edition: None,
        phone: "573-555-0142".to_owned(),
        help_desk: None,
    };
    let (tenant, head) = app.add_agency("DMH", &profile).await.expect("an agency");
    let unit =
        |name: &str| UnitProfile { name: words(name), kind: UnitKind::Facility, phone: None, policies: Vec::new() };
    let other_unit = app.add_unit(tenant, head, "OAK", &unit("Oak Grove Hospital")).await.expect("a unit");
    let unit = app.add_unit(tenant, head, "RVB", &unit("Riverbend Center")).await.expect("a unit");
    World { app, tenant, head, unit, other_unit, _ground: ground }
}

impl World {
    /// A local officer of some units, or of the whole agency.
    pub fn officer(&self, units: Option<&[UnitId]>) -> Viewer {
        self.viewer_as(Role::LocalOfficer, units)
    }

    /// Somebody in a role for some units, or for the whole agency.
    pub fn viewer_as(&self, role: Role, units: Option<&[UnitId]>) -> Viewer {
        let grant = Grant {
            role,
            units: units.unwrap_or_default().to_vec(),
            whole_agency: units.is_none(),
            from: Instant::from_micros(0),
            until: None,
        };
        Viewer {
            account: self.app.draw::<AccountId>(),
            tenant: self.tenant,
            grants: vec![grant],
            now: Instant::from_micros(NOW),
        }
    }
}
