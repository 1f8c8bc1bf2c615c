// Certificates of nobody, and a client that takes them.
import {copyFileSync} from 'node:fs';
import {request} from 'node:https';
import type {TLSSocket} from 'node:tls';
import {fileURLToPath} from 'node:url';
import type {TlsFiles} from '../../source/server/tls.ts';

/** Each is signed by its own key, for localhost and 127.0.0.1, and valid for a hundred years. */
export type CertificateName = 'one' | 'two';

const pathOf = (name: string): string => fileURLToPath(new URL(`./certificates/${name}`, import.meta.url));

export const certificateOf = (name: CertificateName): TlsFiles => ({
	certificate: pathOf(`${name}.pem`),
	key: pathOf(`${name}.key`),
});

/** Puts it where a server reads it. */
export function copyCertificate(name: CertificateName, {certificate, key}: TlsFiles): void {
	copyFileSync(certificateOf(name).certificate, certificate);
	copyFileSync(certificateOf(name).key, key);
}

export interface SecureReply {
	readonly status: number;
	readonly headers: NodeJS.Dict<string | string[]>;
	readonly text: string;
	/** Of the certificate that was shown: `fileproc-tui test one`. */
	readonly shown: string;
}

export interface SecureQuestion {
	readonly method?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly json?: unknown;
	readonly maxVersion?: 'TLSv1.1' | 'TLSv1.2';
}

/** Asks by a connection of its own. */
export async function askSecurely(
	url: string,
	{method = 'GET', headers, json, maxVersion}: SecureQuestion = {},
): Promise<SecureReply> {
	const {promise, resolve, reject} = Promise.withResolvers<SecureReply>();
	const isJson = json !== undefined;
	const asked = request(url, {
		...{method, rejectUnauthorized: false, agent: false},
		headers: {...headers, ...(isJson && {'content-type': 'application/json'})},
		...(maxVersion !== undefined && {maxVersion, minVersion: maxVersion, ciphers: 'DEFAULT@SECLEVEL=0'}),
	});
	asked.on('error', reject);
	asked.on('response', response => {
		const shown = String((response.socket as TLSSocket).getPeerCertificate().subject.CN);
		let text = '';
		response.setEncoding('utf8').on('data', (part: string) => {
			text += part;
		});
		response.on('end', () => resolve({status: response.statusCode ?? 0, headers: response.headers, text, shown}));
	});
	asked.end(isJson ? JSON.stringify(json) : undefined);
	return promise;
}
