import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { CertificateAuthority, newSigningKey } from './certificate.ts';

describe('a certificate authority', () => {
  const authority = new CertificateAuthority('cluster-1');
  const root = new X509Certificate(authority.certificate);

  test('signs itself as an authority', () => {
    expect(root.ca).toBe(true);
    expect(root.subject).toBe('CN=cluster-1');
    expect(root.verify(root.publicKey)).toBe(true);
  });

  test('issues a server certificate for the names and addresses asked for', () => {
    const issued = authority.issue({
      commonName: 'kube-apiserver',
      subjectAltNames: ['localhost', '127.0.0.1'],
      usage: 'serverAuth',
    });
    const certificate = new X509Certificate(issued.certificate);
    expect(certificate.verify(root.publicKey)).toBe(true);
    expect(certificate.checkIssued(root)).toBe(true);
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.ca).toBe(false);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(certificate.checkPrivateKey(createPrivateKey(issued.privateKey))).toBe(true);
  });

  test('puts user and groups into a client certificate, in any script', () => {
    const issued = authority.issue({
      commonName: 'žofie',
      organizations: ['research', 'gpu-users'],
      usage: 'clientAuth',
    });
    const certificate = new X509Certificate(issued.certificate);
    expect(certificate.toLegacyObject().subject).toMatchObject({ CN: 'žofie', O: ['research', 'gpu-users'] });
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  });

  test('is valid now and for months', () => {
    const certificate = new X509Certificate(authority.issue({ commonName: 'a', usage: 'clientAuth' }).certificate);
    const now = Date.now();
    expect(certificate.validFromDate.getTime()).toBeLessThan(now);
    expect(certificate.validToDate.getTime()).toBeGreaterThan(now + 90 * 24 * 3_600_000);
  });

  test('is not trusted by another authority', () => {
    const other = new X509Certificate(new CertificateAuthority('cluster-1').certificate);
    const issued = new X509Certificate(authority.issue({ commonName: 'a', usage: 'clientAuth' }).certificate);
    expect(issued.verify(other.publicKey)).toBe(false);
  });
});

test('a signing key comes as a PEM pair', () => {
  const key = newSigningKey();
  expect(key.privateKey).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  expect(key.publicKey).toMatch(/^-----BEGIN PUBLIC KEY-----/);
});
