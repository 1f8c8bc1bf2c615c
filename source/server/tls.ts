// The certificate that the server shows, and its key: read at the start, and again when asked, so that a new one needs no other process.
import {createPrivateKey, type KeyObject, X509Certificate} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import type {ServerOptions as HttpsOptions} from 'node:https';
import {createSecureContext, type SecureContext, Server as TlsServer} from 'node:tls';
import {messageOf} from '../text/system-error.ts';
import {ServeError} from './serve-error.ts';

export interface TlsFiles {
	/** Of the certificate in PEM, with those that it hangs on behind it. */
	readonly certificate: string;
	/** Of its private key, in PEM and without a password. */
	readonly key: string;
}

interface TlsOptions {
	readonly cert: Buffer;
	readonly key: Buffer;
	readonly minVersion: 'TLSv1.2';
}

interface ReadTls {
	readonly options: TlsOptions;
	readonly context: SecureContext;
	/** Sentences on a certificate that clients will refuse. */
	readonly warnings: readonly string[];
}

/** The certificate that is in use. */
export class ServerTls {
	readonly #files: TlsFiles;
	#read: ReadTls;

	/** @throws {ServeError} When the files cannot be used. */
	static async read(files: TlsFiles): Promise<ServerTls> {
		return new ServerTls(files, await readTls(files));
	}

	private constructor(files: TlsFiles, read: ReadTls) {
		this.#files = files;
		this.#read = read;
	}

	get warnings(): readonly string[] {
		return this.#read.warnings;
	}

	/** For `https.createServer`. Clients that name the server are given what was read last, also by further sockets of `localhost`. */
	get options(): HttpsOptions {
		return {...this.#read.options, SNICallback: (_name, done) => done(null, this.#read.context)};
	}

	/** @throws {ServeError} When the files cannot be used: those from before stay in use. */
	async reload(server: object): Promise<void> {
		this.#read = await readTls(this.#files);
		// Of clients that do not name it.
		if (server instanceof TlsServer) server.setSecureContext(this.#read.options);
	}
}

/** @throws {ServeError} When a file cannot be read, is not what it should be, or the two do not belong together. */
export async function readTls({certificate, key}: TlsFiles, now = Date.now()): Promise<ReadTls> {
	const options: TlsOptions = {
		cert: await read(certificate, '--tls-cert'),
		key: await read(key, '--tls-key'),
		minVersion: 'TLSv1.2',
	};
	const parsed = parse(
		() => new X509Certificate(options.cert),
		`${certificate} (--tls-cert) has no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----`,
	);
	const parsedKey: KeyObject = parse(
		() => createPrivateKey(options.key),
		`${key} (--tls-key) has no private key in PEM that is without a password`,
	);
	if (!parsed.checkPrivateKey(parsedKey))
		throw new ServeError(
			`The key in ${key} (--tls-key) is not that of the first certificate in ${certificate} (--tls-cert): name two files that were made together, with the certificate of this server in front.`,
		);
	const context = parse(() => createSecureContext(options), `${certificate} and ${key} cannot be used for TLS`);
	return {options, context, warnings: warningsOf(parsed, certificate, now)};
}

async function read(path: string, flag: string): Promise<Buffer> {
	try {
		return await readFile(path);
	} catch (error) {
		throw new ServeError(`${path} (${flag}) cannot be read: ${messageOf(error)}.`);
	}
}

function parse<Parsed>(parsePem: () => Parsed, fault: string): Parsed {
	try {
		return parsePem();
	} catch (error) {
		throw new ServeError(`${fault}: ${messageOf(error)}.`);
	}
}

function warningsOf({validFrom, validTo}: X509Certificate, path: string, now: number): readonly string[] {
	if (now > Date.parse(validTo))
		return [`The certificate in ${path} has expired on ${validTo}: clients will refuse it.`];
	if (now >= Date.parse(validFrom)) return [];
	return [`The certificate in ${path} is valid from ${validFrom} on: clients will refuse it.`];
}
