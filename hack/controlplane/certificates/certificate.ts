import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isIPv4 } from 'node:net';
import * as der from './der.ts';

const OID = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  extKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
} as const;

const HOUR_MS = 3_600_000;
/** A development control plane that stays is thrown away long before this. */
const LIFETIME_MS = 365 * 24 * HOUR_MS;
/** Room for clocks that differ a little. */
const BACKDATE_MS = HOUR_MS;

/** PEM, as kubeconfigs and `--tls-cert-file` want them. */
export interface CertifiedKey {
  readonly certificate: string;
  readonly privateKey: string;
}

export interface CertificateRequest {
  /** For a client: the user. */
  readonly commonName: string;
  /** For a client: the groups. */
  readonly organizations?: readonly string[];
  /** DNS names and IPv4 addresses. */
  readonly subjectAltNames?: readonly string[];
  readonly usage: 'serverAuth' | 'clientAuth';
}

/** A certificate authority of one cluster: P-256, ECDSA with SHA-256, valid for a year. */
export class CertificateAuthority {
  readonly certificate: string;
  readonly #issuer: Buffer;
  readonly #privateKey: KeyObject;

  constructor(commonName: string) {
    const keys = newKeyPair();
    this.#issuer = distinguishedName(commonName, []);
    this.#privateKey = keys.privateKey;
    this.certificate = signCertificate(this.#privateKey, {
      issuer: this.#issuer,
      subject: this.#issuer,
      publicKey: keys.publicKey,
      extensions: [
        extension(OID.basicConstraints, der.sequence(der.boolean(true)), true),
        // digitalSignature, keyCertSign, cRLSign
        extension(OID.keyUsage, der.bitString(Buffer.from([0b1000_0110]), 1), true),
      ],
    });
  }

  issue(request: CertificateRequest): CertifiedKey {
    const keys = newKeyPair();
    const extensions = [
      extension(OID.basicConstraints, der.sequence(), true),
      // digitalSignature
      extension(OID.keyUsage, der.bitString(Buffer.from([0b1000_0000]), 7), true),
      extension(OID.extKeyUsage, der.sequence(der.objectIdentifier(OID[request.usage])), false),
    ];
    const names = request.subjectAltNames ?? [];
    if (names.length > 0)
      extensions.push(extension(OID.subjectAltName, der.sequence(...names.map(generalName)), false));
    const certificate = signCertificate(this.#privateKey, {
      issuer: this.#issuer,
      subject: distinguishedName(request.commonName, request.organizations ?? []),
      publicKey: keys.publicKey,
      extensions,
    });
    return { certificate, privateKey: pem(keys.privateKey) };
  }
}

/** A P-256 key pair in PEM, for what signs without a certificate (service account tokens). */
export function newSigningKey(): { readonly privateKey: string; readonly publicKey: string } {
  const keys = newKeyPair();
  return {
    privateKey: pem(keys.privateKey),
    publicKey: keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

function newKeyPair(): { readonly privateKey: KeyObject; readonly publicKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function distinguishedName(commonName: string, organizations: readonly string[]): Buffer {
  const attribute = (oid: string, value: string): Buffer =>
    der.set(der.sequence(der.objectIdentifier(oid), der.utf8String(value)));
  return der.sequence(
    ...organizations.map((organization) => attribute(OID.organization, organization)),
    attribute(OID.commonName, commonName),
  );
}

function generalName(name: string): Buffer {
  if (isIPv4(name)) return der.contextPrimitive(7, Buffer.from(name.split('.').map(Number)));
  return der.contextPrimitive(2, Buffer.from(name, 'ascii'));
}

function extension(oid: string, value: Buffer, critical: boolean): Buffer {
  const flag = critical ? [der.boolean(true)] : [];
  return der.sequence(der.objectIdentifier(oid), ...flag, der.octetString(value));
}

interface Contents {
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

/** TBSCertificate and its signature, RFC 5280 section 4.1. */
function signCertificate(signer: KeyObject, contents: Contents): string {
  const now = Date.now();
  const algorithm = der.sequence(der.objectIdentifier(OID.ecdsaWithSha256));
  const version3 = der.contextConstructed(0, der.integer(Buffer.from([2])));
  const toBeSigned = der.sequence(
    version3,
    der.integer(randomBytes(16)),
    algorithm,
    contents.issuer,
    der.sequence(der.utcTime(new Date(now - BACKDATE_MS)), der.utcTime(new Date(now + LIFETIME_MS))),
    contents.subject,
    contents.publicKey.export({ type: 'spki', format: 'der' }),
    der.contextConstructed(3, der.sequence(...contents.extensions)),
  );
  const signature = sign('sha256', toBeSigned, signer);
  const certificate = der.sequence(toBeSigned, algorithm, der.bitString(signature));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
