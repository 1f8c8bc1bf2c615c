// The page for browsers, as it was built: files that are small and never change while the server runs, so they are read once and kept.
import {createHash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {extname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {type ContentCoding, chooseCoding, pack} from './content-coding.ts';

/** Where `npm run build` leaves it. */
const FOLDER = fileURLToPath(
	new URL(extname(import.meta.url) === '.ts' ? '../../dist/web' : '../web', import.meta.url),
);
const START = 'index.html';
const ASSETS = 'assets/';

const TYPES: Readonly<Record<string, string>> = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.svg': 'image/svg+xml',
	'.txt': 'text/plain; charset=utf-8',
};

type PageCoding = ContentCoding | 'br';

export interface PageFile {
	readonly type: string;
	readonly etag: string;
	/** Its name has a hash of what is in it, so it may be kept for ever. */
	readonly isImmutable: boolean;
	readonly codings: ReadonlyMap<PageCoding | null, Buffer>;
}

/** The files of a page by their paths, and what to send of them. */
export class Page {
	readonly #folder: string;
	#files: ReadonlyMap<string, PageFile> | null = null;

	constructor(folder = FOLDER) {
		this.#folder = folder;
	}

	/** The document that all views begin with; `undefined`: no page was built. */
	get start(): PageFile | undefined {
		return this.#read().get(START);
	}

	/** A script, a style; `undefined`: there is none of this name. */
	part(name: string): PageFile | undefined {
		return this.#read().get(ASSETS + name);
	}

	#read(): ReadonlyMap<string, PageFile> {
		this.#files ??= readFiles(this.#folder);
		return this.#files;
	}
}

/** Packed while it was built where browsers ask for that; gzip, which old proxies ask for, is made when it is. */
export async function encodingOf(
	file: PageFile,
	accepted: string | undefined,
): Promise<{readonly coding: PageCoding | null; readonly bytes: Buffer}> {
	const plain = file.codings.get(null) as Buffer;
	const brotli = file.codings.get('br');
	if (brotli !== undefined && acceptsBrotli(accepted)) return {coding: 'br', bytes: brotli};
	const coding = file.codings.size === 1 ? null : chooseCoding(accepted);
	if (coding === null) return {coding, bytes: plain};
	return {coding, bytes: file.codings.get(coding) ?? (await pack(coding, plain))};
}

const acceptsBrotli = (accepted = ''): boolean =>
	accepted.split(',').some(item => /^\s*br\s*(?:;\s*q\s*=\s*(?:1|0?\.\d*[1-9]\d*).*)?$/i.test(item));

function readFiles(folder: string): ReadonlyMap<string, PageFile> {
	if (!existsSync(folder)) return new Map();
	const names = readdirSync(folder, {recursive: true, encoding: 'utf8'}).map(name => name.replaceAll('\\', '/'));
	return new Map(
		names
			.filter(name => TYPES[extname(name)] !== undefined)
			.map(name => {
				const plain = readFileSync(join(folder, name));
				const codings = new Map<PageCoding | null, Buffer>([[null, plain]]);
				for (const [coding, ending] of [
					['br', '.br'],
					['zstd', '.zst'],
				] as const)
					if (names.includes(name + ending)) codings.set(coding, readFileSync(join(folder, name + ending)));
				const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 22);
				const file: PageFile = {
					...{type: TYPES[extname(name)] as string, etag: hash, codings},
					isImmutable: name.startsWith(ASSETS),
				};
				return [name, file] as const;
			}),
	);
}
