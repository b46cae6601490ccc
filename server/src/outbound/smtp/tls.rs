//! Encryption: the machine's certificates, and one more where an admin says so.

use std::{io, sync::Arc};

use rustls::{
    ClientConfig,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject as _},
};
use rustls_platform_verifier::Verifier;
use tokio_rustls::TlsConnector;

use super::line::Wire;

/// The certificate in a text as it is handed around, `-----BEGIN CERTIFICATE-----`.
pub(crate) fn certificate_of(pem: &str) -> Result<CertificateDer<'static>, String> {
    CertificateDer::from_pem_slice(pem.as_bytes())
        .map_err(|_| "this is no certificate: it begins with `-----BEGIN CERTIFICATE-----`".to_owned())
}

/// Encrypts a connection with a server that proves to be `host`.
pub(super) async fn encrypt(
    wire: Box<dyn Wire>,
    host: &str,
    certificate: Option<&str>,
) -> io::Result<Box<dyn Wire>> {
    let failed = |why: String| io::Error::new(io::ErrorKind::InvalidInput, why);
    let name = ServerName::try_from(host.trim_start_matches('[').trim_end_matches(']').to_owned())
        .map_err(|_| failed(format!("`{host}` is no name that a certificate could be for")))?;
    let extra = certificate.map(certificate_of).transpose().map_err(failed)?;
    let provider = Arc::new(ring::default_provider());
    let verifier = Verifier::new_with_extra_roots(extra, provider.clone())
        .map_err(|error| failed(format!("the machine's certificates cannot be read: {error}")))?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    let encrypted = TlsConnector::from(Arc::new(config)).connect(name, wire).await?;
    Ok(Box::new(encrypted))
}
