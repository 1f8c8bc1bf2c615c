// Looks into a file that is to be routed, no further than is asked for. Links are never followed.
import {constants, lstatSync, type Stats} from 'node:fs';
import {open} from 'node:fs/promises';
import type {AnalysisDeclaration} from '../../../analysis/declaration.ts';
import {archiveFileName} from '../../../engine/plan/list-folder.ts';
import {planArchive} from '../../../engine/plan/plan-archive.ts';
import {identityOf} from '../../../engine/shared/file-state.ts';
import {changedWhileReading} from '../../../engine/shared/regular-file.ts';
import {InputError} from '../../../input/input-error.ts';
import type {ErrorReport} from '../../../model/report.ts';
import {systemPath} from '../../../text/path-text.ts';
import type {PipelineFile} from '../../pipeline.ts';
import {ContentLook, type LookSettings} from './content-look.ts';

/** Of a packed archive, each is unpacked with all in front of it. */
const MAX_MEMBERS = 100;

export interface Contents {
	/** What an archive is packed with; `null` where the file is none. */
	readonly archive: string | null;
	/** The text of the file, or those of the files in an archive. */
	readonly texts: readonly ContentLook[];
	/** How many more files an archive has. */
	readonly more: number;
}

export class FileLook {
	readonly #file: PipelineFile;
	readonly #settings: LookSettings;
	readonly #wanted: readonly AnalysisDeclaration[];
	/** See `identityOf`: as it was when it was first looked at. */
	readonly #identity: string;
	#contents: Contents | null = null;

	/** @throws {InputError} When there is no regular file. */
	constructor(file: PipelineFile, settings: LookSettings, wanted: readonly AnalysisDeclaration[]) {
		this.#file = file;
		this.#settings = settings;
		this.#wanted = wanted;
		const stats = lstatSync(systemPath(file.path));
		if (!stats.isFile()) throw new InputError('NOT_A_REGULAR_FILE', `Expected a regular file, found ${kindOf(stats)}`);
		this.#identity = identityOf(stats);
	}

	/** The first bytes of the file, or fewer where it has fewer. */
	async firstBytes(length: number): Promise<Uint8Array> {
		const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
		const handle = await open(systemPath(this.#file.path), flags);
		try {
			this.#assertSame(identityOf(await handle.stat()));
			const bytes = new Uint8Array(length);
			let filled = 0;
			for (let read = 1; read > 0 && filled < length; filled += read)
				read = (await handle.read(bytes, filled, length - filled, filled)).bytesRead;
			return bytes.subarray(0, filled);
		} finally {
			await handle.close();
		}
	}

	async contents(): Promise<Contents> {
		this.#contents ??= await this.#open();
		return this.#contents;
	}

	async #open(): Promise<Contents> {
		const {path, name} = this.#file;
		const location = {kind: 'file', path: systemPath(path)} as const;
		const fileName = name.slice(name.lastIndexOf('/') + 1);
		const [ending] = archiveFileName.exec(fileName) ?? [];
		if (ending === undefined) {
			const text = new ContentLook(location, fileName, this.#settings, this.#wanted);
			const identity = text.open();
			this.#contents = {archive: null, texts: [text], more: 0};
			this.#assertSame(identity);
			return this.#contents;
		}
		const asPath = typeof location.path === 'string' ? location.path : Buffer.from(location.path);
		const {entries} = await planArchive(asPath, fileName, this.#settings.limits, null, {});
		this.#assertSame(identityOf(lstatSync(systemPath(path))));
		const [unreadable] = entries.filter(entry => entry.type === 'unreadable');
		if (unreadable !== undefined && entries.length === 1) throw new ArchiveError(unreadable.error);
		const members = entries.flatMap(entry => (entry.type === 'file' ? [entry] : []));
		const texts = members.slice(0, MAX_MEMBERS).map(({file: member, source}) => {
			const memberName = member.slice(member.lastIndexOf('/') + 1);
			return new ContentLook(source, memberName, this.#settings, this.#wanted);
		});
		return {archive: archiveKindOf(ending), texts, more: members.length - texts.length};
	}

	#assertSame(identity: string | null): void {
		if (identity !== this.#identity)
			throw changedWhileReading('another file has taken its place, or it was written to');
	}

	/** @throws {InputError} When the file has changed since it was first looked at. */
	verify(): void {
		this.#assertSame(identityOf(lstatSync(systemPath(this.#file.path))));
	}

	close(): void {
		for (const text of this.#contents?.texts ?? []) text.close();
	}
}

function kindOf(stats: Stats): string {
	if (stats.isSymbolicLink()) return 'a link';
	return stats.isDirectory() ? 'a folder' : 'something else';
}

/** The list of an archive cannot be read. */
class ArchiveError extends Error {
	readonly code: string;

	constructor({code, message}: ErrorReport) {
		super(message);
		this.code = code;
	}
}

/** As reports call it. @param ending - Of a name of an archive. */
function archiveKindOf(ending: string): string {
	const plain = ending.slice(1).toLowerCase();
	if (plain === 'tgz') return 'tar.gz';
	return plain === 'tzst' ? 'tar.zst' : plain;
}
