//! An authenticator in software: makes a key, keeps its counter, and answers as a browser would, or as an attacker might.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use data_encoding::BASE64URL_NOPAD as B64;
use serde_json::{Value, json};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const MADE: u8 = 0x40;

pub struct Authenticator {
    pub origin: String,
    pub party: String,
    /// Whether it asks for a finger or a PIN.
    pub verifies: bool,
    pub counter: u32,
    key: EcdsaKeyPair,
    holder: String,
}

/// The id of its only credential.
const ID: [u8; 16] = *b"an authenticator";

impl Authenticator {
    pub fn new() -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        let (origin, party) = ("http://localhost:8420".to_owned(), "localhost".to_owned());
        Self { origin, party, verifies: true, counter: 0, key, holder: String::new() }
    }

    fn head(&mut self, more: u8) -> Vec<u8> {
        self.counter += 1;
        let mut data = digest(&SHA256, self.party.as_bytes()).as_ref().to_vec();
        data.push(PRESENT | more | if self.verifies { VERIFIED } else { 0 });
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn client(&self, what: &str, options: &Value) -> Vec<u8> {
        let challenge = options.pointer("/publicKey/challenge").unwrap();
        json!({ "type": what, "challenge": challenge, "origin": self.origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }

    /// Answers `navigator.credentials.create`.
    pub fn make(&mut self, options: &Value) -> String {
        assert_eq!(options.pointer("/publicKey/authenticatorSelection/userVerification").unwrap(), "required");
        self.holder = options.pointer("/publicKey/user/id").unwrap().as_str().unwrap().to_owned();
        let mut data = self.head(MADE);
        data.extend([0; 16]);
        data.extend([0, ID.len() as u8]);
        data.extend(ID);
        // The public key as COSE writes it: EC2, ES256, P-256, x, y.
        let point = self.key.public_key().as_ref().to_vec();
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point[33..]);
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(data.len() as u8);
        object.extend(data);
        json!({
            "id": B64.encode(&ID), "rawId": B64.encode(&ID), "type": "public-key", "extensions": {},
            "response": {
                "clientDataJSON": B64.encode(&self.client("webauthn.create", options)),
                "attestationObject": B64.encode(&object),
            },
        })
        .to_string()
    }

    /// Answers `navigator.credentials.get`.
    pub fn prove(&mut self, options: &Value) -> String {
        let (data, client) = (self.head(0), self.client("webauthn.get", options));
        let mut signed = data.clone();
        signed.extend(digest(&SHA256, &client).as_ref());
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        json!({
            "id": B64.encode(&ID), "rawId": B64.encode(&ID), "type": "public-key", "extensions": {},
            "response": {
                "clientDataJSON": B64.encode(&client),
                "authenticatorData": B64.encode(&data),
                "signature": B64.encode(signature.as_ref()),
                "userHandle": self.holder,
            },
        })
        .to_string()
    }
}
