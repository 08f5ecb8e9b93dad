//! The opened keys of a running installation: drafted when absent, unwrapped once, and never shown again.

use crate::aead::{self, Aead, identity};
use crate::keys::{KeyError, KeyPurpose, RootKey, RootKeyId, WrappedKey};
use crate::note::SigningKey;
use aws_lc_rs::hmac;
use domain::ambient::{Random, draw_bytes};
use domain::ids::TenantId;
use std::collections::{BTreeMap, HashMap};
use std::{fmt, sync::Arc};
use zeroize::Zeroizing;

/// Every key of an installation, ready for use. Cheap to clone; a clone shares the keys.
///
/// To set up an installation or a new agency: [`Keyring::draft_missing`], store what it gives, and
/// [`Keyring::absorb`] what the store says is stored now (another node may have been first).
#[derive(Clone)]
pub struct Keyring {
    root: Arc<Aead>,
    root_id: RootKeyId,
    sets: HashMap<Option<TenantId>, Arc<KeySet>>,
}

type KeySet = BTreeMap<(KeyPurpose, u32), Arc<Material>>;

/// A key in the form in which it is used.
enum Material {
    Sealing(Aead),
    Mac(Box<hmac::Key>),
    Signing(SigningKey),
}

impl Material {
    fn new(purpose: KeyPurpose, bytes: &[u8; 32]) -> Self {
        match purpose {
            KeyPurpose::Search | KeyPurpose::Lookup => Self::Mac(Box::new(hmac::Key::new(hmac::HMAC_SHA256, bytes))),
            KeyPurpose::Signing => Self::Signing(SigningKey::from_seed(bytes)),
            KeyPurpose::Tenant
            | KeyPurpose::Section(_)
            | KeyPurpose::Summary
            | KeyPurpose::Intake
            | KeyPurpose::Mail
            | KeyPurpose::Account => Self::Sealing(Aead::new(bytes)),
        }
    }
}

impl Keyring {
    /// Opens every stored key under the root key.
    pub fn open(root: &RootKey, keys: &[WrappedKey]) -> Result<Self, KeyError> {
        let mut ring = Self { root: Arc::new(Aead::new(root.bytes())), root_id: root.id(), sets: HashMap::new() };
        ring.absorb(keys)?;
        Ok(ring)
    }

    /// Drafts the keys that an agency (or, with `None`, the installation) still lacks. Nothing changes here: store
    /// the draft first, then [`Keyring::absorb`] what is stored. Empty when nothing is missing.
    pub fn draft_missing(&self, tenant: Option<TenantId>, random: &dyn Random) -> Vec<WrappedKey> {
        let mut with_drafts = self.clone();
        let mut drafts = Vec::new();
        for purpose in KeyPurpose::set(tenant) {
            if with_drafts.newest(tenant, purpose).is_err() {
                drafts.extend(with_drafts.draft(tenant, purpose, 1, random));
            }
        }
        drafts
    }

    /// Drafts the next version of a key that rotates; what was sealed by older versions still opens. `None` for
    /// purposes whose kept hashes would be lost (search, lookup), for the tenant key, and for keys that do not exist.
    pub fn draft_next(&self, tenant: Option<TenantId>, purpose: KeyPurpose, random: &dyn Random) -> Option<WrappedKey> {
        if matches!(purpose, KeyPurpose::Search | KeyPurpose::Lookup | KeyPurpose::Tenant) {
            return None;
        }
        let (version, _) = self.newest(tenant, purpose).ok()?;
        self.clone().draft(tenant, purpose, version.checked_add(1)?, random)
    }

    fn draft(
        &mut self,
        tenant: Option<TenantId>,
        purpose: KeyPurpose,
        version: u32,
        random: &dyn Random,
    ) -> Option<WrappedKey> {
        let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(draw_bytes(random));
        let aad = key_identity(tenant, purpose, version);
        let wrapped = match wrapper(tenant, purpose) {
            Wrapper::Root => self.root_wrap(&aad, &bytes, random),
            Wrapper::Tenant(tenant) => {
                let (by, key) = self.sealing(Some(tenant), KeyPurpose::Tenant).ok()?;
                key.aead().seal(by, &aad, &[bytes.as_slice()], random)
            }
        };
        let set = Arc::make_mut(self.sets.entry(tenant).or_default());
        set.insert((purpose, version), Arc::new(Material::new(purpose, &bytes)));
        Some(WrappedKey { tenant, purpose, version, wrapped })
    }

    fn root_wrap(&self, aad: &[u8], bytes: &Zeroizing<[u8; 32]>, random: &dyn Random) -> Vec<u8> {
        let mut wrapped = self.root_id.0.to_vec();
        wrapped.extend(self.root.seal(0, aad, &[bytes.as_slice()], random));
        wrapped
    }

    /// Opens stored keys and adds them; keys that are there already stay. Nothing is added when one does not open.
    pub fn absorb(&mut self, keys: &[WrappedKey]) -> Result<(), KeyError> {
        let mut next = self.clone();
        // Tenant keys first: the others are wrapped by them.
        let (tenant_keys, others): (Vec<_>, Vec<_>) = keys.iter().partition(|key| key.purpose == KeyPurpose::Tenant);
        for key in tenant_keys.into_iter().chain(others) {
            let bytes = next.unwrap(key)?;
            let set = Arc::make_mut(next.sets.entry(key.tenant).or_default());
            set.entry((key.purpose, key.version)).or_insert_with(|| Arc::new(Material::new(key.purpose, &bytes)));
        }
        *self = next;
        Ok(())
    }

    fn unwrap(&self, key: &WrappedKey) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let closed = KeyError::DoesNotOpen { purpose: key.purpose, version: key.version };
        let aad = key_identity(key.tenant, key.purpose, key.version);
        let opened = match wrapper(key.tenant, key.purpose) {
            Wrapper::Root => {
                let (id, envelope) = key.wrapped.split_first_chunk::<8>().ok_or_else(|| closed.clone())?;
                let database = RootKeyId(*id);
                if database != self.root_id {
                    return Err(KeyError::DifferentRoot { file: self.root_id, database });
                }
                self.root.open(&aad, envelope)
            }
            Wrapper::Tenant(tenant) => {
                let by = aead::version(&key.wrapped).ok_or_else(|| closed.clone())?;
                self.sealing_version(Some(tenant), KeyPurpose::Tenant, by)?.aead().open(&aad, &key.wrapped)
            }
        };
        let opened = Zeroizing::new(opened.ok_or_else(|| closed.clone())?);
        opened.as_slice().try_into().map(Zeroizing::new).map_err(|_| closed)
    }

    /// The stored keys with those under the old root key wrapped by a new one. The others come back as they are.
    pub fn rewrap(
        old: &RootKey,
        new: &RootKey,
        keys: &[WrappedKey],
        random: &dyn Random,
    ) -> Result<Vec<WrappedKey>, KeyError> {
        let (before, after) = (Self::open(old, keys)?, Self::open(new, &[])?);
        keys.iter()
            .map(|key| match wrapper(key.tenant, key.purpose) {
                Wrapper::Tenant(_) => Ok(key.clone()),
                Wrapper::Root => {
                    let aad = key_identity(key.tenant, key.purpose, key.version);
                    let wrapped = after.root_wrap(&aad, &before.unwrap(key)?, random);
                    Ok(WrappedKey { wrapped, ..key.clone() })
                }
            })
            .collect()
    }

    /// Which root key opened this ring.
    pub const fn root_id(&self) -> RootKeyId {
        self.root_id
    }

    /// Whether an agency's keys are here.
    pub fn knows(&self, tenant: TenantId) -> bool {
        self.newest(Some(tenant), KeyPurpose::Tenant).is_ok()
    }

    /// The newest signing key of the installation.
    pub fn signing(&self) -> Result<SigningKey, KeyError> {
        let absent = KeyError::Absent { purpose: KeyPurpose::Signing };
        match self.newest(None, KeyPurpose::Signing)?.1.as_ref() {
            Material::Signing(key) => Ok(key.clone()),
            Material::Sealing(_) | Material::Mac(_) => Err(absent),
        }
    }

    fn newest(&self, tenant: Option<TenantId>, purpose: KeyPurpose) -> Result<(u32, &Arc<Material>), KeyError> {
        let set = self.sets.get(&tenant).ok_or(KeyError::Absent { purpose })?;
        let newest = set.range((purpose, 0)..=(purpose, u32::MAX)).next_back();
        newest.map(|((_, version), key)| (*version, key)).ok_or(KeyError::Absent { purpose })
    }

    pub(crate) fn sealing(&self, tenant: Option<TenantId>, purpose: KeyPurpose) -> Result<(u32, SealingKey), KeyError> {
        let (version, key) = self.newest(tenant, purpose)?;
        SealingKey::from(key, purpose).map(|key| (version, key))
    }

    pub(crate) fn sealing_version(
        &self,
        tenant: Option<TenantId>,
        purpose: KeyPurpose,
        version: u32,
    ) -> Result<SealingKey, KeyError> {
        let set = self.sets.get(&tenant).ok_or(KeyError::Absent { purpose })?;
        let key = set.get(&(purpose, version)).ok_or(KeyError::Absent { purpose })?;
        SealingKey::from(key, purpose)
    }

    pub(crate) fn mac(
        &self,
        tenant: Option<TenantId>,
        purpose: KeyPurpose,
        message: &[u8],
    ) -> Result<[u8; 32], KeyError> {
        let Material::Mac(key) = self.newest(tenant, purpose)?.1.as_ref() else {
            return Err(KeyError::Absent { purpose });
        };
        let mut out = [0; 32];
        out.copy_from_slice(hmac::sign(key, message).as_ref());
        Ok(out)
    }
}

/// A key known to be one that seals.
pub(crate) struct SealingKey(Arc<Material>);

impl SealingKey {
    fn from(key: &Arc<Material>, purpose: KeyPurpose) -> Result<Self, KeyError> {
        if matches!(**key, Material::Sealing(_)) {
            Ok(Self(Arc::clone(key)))
        } else {
            Err(KeyError::Absent { purpose })
        }
    }

    pub(crate) fn aead(&self) -> &Aead {
        match self.0.as_ref() {
            Material::Sealing(aead) => aead,
            // Invariant: `from` let only sealing keys in.
            Material::Mac(_) | Material::Signing(_) => unreachable!("a sealing key seals"),
        }
    }
}

/// Which key wraps a key.
enum Wrapper {
    Root,
    Tenant(TenantId),
}

fn wrapper(tenant: Option<TenantId>, purpose: KeyPurpose) -> Wrapper {
    match tenant {
        Some(tenant) if purpose != KeyPurpose::Tenant => Wrapper::Tenant(tenant),
        _ => Wrapper::Root,
    }
}

fn key_identity(tenant: Option<TenantId>, purpose: KeyPurpose, version: u32) -> Vec<u8> {
    let owner: &[u8] = tenant.as_ref().map_or(&[], |tenant| tenant.bytes());
    identity(&[b"tocsin/key/v1", owner, purpose.name().as_bytes(), &version.to_be_bytes()])
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring(root {}, {} key sets)", self.root_id, self.sets.len())
    }
}
