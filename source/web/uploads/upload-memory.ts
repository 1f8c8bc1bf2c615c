// What this browser remembers of an upload that is not complete, so that it goes on after the page was closed: an address that only its owner may
// use. Names are not kept here; the server tells them.
import {Upload, type UploadOptions} from 'tus-js-client';

type Storage = NonNullable<UploadOptions['urlStorage']>;
type Remembered = Awaited<ReturnType<Storage['findAllUploads']>>[number];

const PREFIX = 'fileproc-upload:';

export const uploadMemory: Storage = {
	findAllUploads: async () => findAll(PREFIX),
	findUploadsByFingerprint: async fingerprint => findAll(`${PREFIX}${fingerprint}:`),
	async removeUpload(key) {
		localStorage.removeItem(key);
	},
	async addUpload(fingerprint, {size, creationTime, uploadUrl}) {
		const key = `${PREFIX}${fingerprint}:${crypto.randomUUID()}`;
		localStorage.setItem(key, JSON.stringify({size, creationTime, uploadUrl}));
		return key;
	},
};

function findAll(prefix: string): Remembered[] {
	const keys = Object.keys(localStorage).filter(key => key.startsWith(prefix));
	return keys.flatMap(key => {
		try {
			const {size, creationTime, uploadUrl} = JSON.parse(localStorage.getItem(key) ?? '') as Remembered;
			return [{size, creationTime, uploadUrl, metadata: {}, parallelUploadUrls: null, urlStorageKey: key}];
		} catch {
			// It is none of ours.
			return [];
		}
	});
}

/**
 * What tells the file that is chosen again from others, and does not tell its name. `null`: this browser cannot tell, because the page comes
 * neither over TLS nor from this machine; then an upload goes on for as long as the page is open.
 */
export async function fingerprintOf(file: File, relativePath: string | null): Promise<string | null> {
	if (crypto.subtle === undefined) return null;
	const about = JSON.stringify([file.name, relativePath, file.size, file.lastModified]);
	const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(about));
	return Array.from(new Uint8Array(hash, 0, 16), byte => byte.toString(16).padStart(2, '0')).join('');
}

const GONE: ReadonlySet<number> = new Set([404, 410]);

/** An upload of an earlier page. */
export interface Interrupted {
	readonly key: string;
	readonly url: string;
	readonly name: string;
	readonly sent: number;
	readonly bytes: number;
}

/** Asks the server for each; those that it does not have any more are forgotten. */
export async function findInterrupted(): Promise<readonly Interrupted[]> {
	const found: Interrupted[] = [];
	for (const {urlStorageKey: key, uploadUrl: url} of findAll(PREFIX)) {
		if (url === null) continue;
		const response = await fetch(url, {method: 'HEAD', headers: {'tus-resumable': '1.0.0'}}).catch(() => null);
		// It may be there, and the server has too much to do, is away, or wants to know who asks.
		if (response === null || (!response.ok && !GONE.has(response.status))) continue;
		const [sent, bytes] = ['upload-offset', 'upload-length'].map(name => Number(response.headers.get(name)));
		if (!response.ok || sent === undefined || bytes === undefined || sent >= bytes) {
			localStorage.removeItem(key);
			continue;
		}
		found.push({key, url, sent, bytes, name: nameIn(response.headers.get('upload-metadata') ?? '')});
	}
	return found;
}

function nameIn(metadata: string): string {
	const encoded = /(?:^|,)\s*filename ([\w+/=]+)/.exec(metadata)?.[1] ?? '';
	return new TextDecoder().decode(Uint8Array.from(atob(encoded), character => character.charCodeAt(0)));
}

export async function forget({key, url}: Interrupted): Promise<void> {
	localStorage.removeItem(key);
	await Upload.terminate(url, {retryDelays: []}).catch(() => {});
}
