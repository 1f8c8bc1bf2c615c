// An archive -> an entry for each of its data files. Names of members are shown; they are never paths.
import {InputError} from '../../input/input-error.ts';
import {displayName} from '../../text/path-text.ts';
import type {ArchiveMember} from '../archives/archive-member.ts';
import {listTar} from '../archives/list-tar.ts';
import {listZip} from '../archives/list-zip.ts';
import {type ArchiveToList, bytesOfFile} from '../shared/archive-bytes.ts';
import {toErrorReport} from '../shared/errors.ts';
import {RATIO_FLOOR_BYTES} from '../shared/limits.ts';
import type {SourceLocation} from '../shared/protocol.ts';
import {openRegularFile} from '../shared/regular-file.ts';
import {Turns} from '../shared/turns.ts';
import {archiveFileName, dataFileName, isHidden} from './list-folder.ts';
import type {PlanEntry, PlanWatcher, UnpackLimits} from './plan.ts';
import {ARCHIVE_WITHIN_ARCHIVE, EMPTY_ARCHIVE, LINK_WITHIN_ARCHIVE} from './skip-reasons.ts';

export interface PlannedArchive {
	/** Of the archive itself, where it has no data file, or cannot be read. */
	readonly entries: PlanEntry[];
	/** Names of members that are not those of data. */
	readonly otherNames: string[];
}

/**
Opens an archive and lists its members.

@param file - As people know it.
@param wanted - Names of members that were given one by one, which are taken whatever they are called; `null`: all that are data.
@param watcher - Counts are those of files in this archive.
*/
export const planArchive = (
	path: string | Buffer,
	file: string,
	limits: UnpackLimits,
	wanted: ReadonlySet<string> | null,
	watcher: PlanWatcher,
): Promise<PlannedArchive> => listArchive(() => openHere(path, file), file, limits, wanted, watcher);

function openHere(path: string | Buffer, name: string): ArchiveToList {
	const file = openRegularFile(path);
	return {
		...bytesOfFile(file),
		name,
		location: {kind: 'file', path},
		bytesRead: () => file.bytesRead,
		assertUnchanged: () => file.assertUnchanged(file.stats.size),
		close: () => file.close(),
	};
}

/** The same of an archive that lies anywhere. */
export async function listArchive(
	open: () => ArchiveToList | Promise<ArchiveToList>,
	file: string,
	limits: UnpackLimits,
	wanted: ReadonlySet<string> | null,
	watcher: PlanWatcher,
): Promise<PlannedArchive> {
	let archive: ArchiveToList | null = null;
	try {
		const opened = await open();
		archive = opened;
		const {name, location, size} = opened;
		const tellRead = (): void => watcher.onArchiveRead?.(file, opened.bytesRead(), size);
		const members = /\.zip$/i.test(name)
			? withoutBomb(listZip(opened), size, limits)
			: await listTar(opened, name, limits, tellRead);
		const planned =
			wanted === null
				? await planMembers(members, location, file, watcher)
				: await planWanted(members, location, file, wanted);
		opened.assertUnchanged();
		return planned;
	} catch (error) {
		return {entries: [{type: 'unreadable', file, error: toErrorReport(error)}], otherNames: []};
	} finally {
		archive?.close();
	}
}

type Members = AsyncIterable<ArchiveMember> | Iterable<ArchiveMember>;

async function planMembers(
	members: Members,
	archive: SourceLocation,
	file: string,
	{onCount}: PlanWatcher,
): Promise<PlannedArchive> {
	const turns = new Turns();
	const entries: PlanEntry[] = [];
	const otherNames: string[] = [];
	for await (const member of members) {
		if (turns.isOver()) {
			await onCount?.(entries.length);
			await turns.next();
		}
		if (member.kind === 'folder') continue;
		const name = displayName(member.name);
		const parts = name.split(/[/\\]/);
		if (parts.some(part => isHidden(part) && part !== '.' && part !== '..') || parts[0] === '__MACOSX') continue;
		if (dataFileName.test(name)) entries.push(planMember(member, name, archive, `${file}!${name}`));
		else if (archiveFileName.test(name))
			entries.push({type: 'skipped', file: `${file}!${name}`, kind: ARCHIVE_WITHIN_ARCHIVE});
		else otherNames.push(name);
	}
	if (entries.length === 0) entries.push({type: 'skipped', file, kind: EMPTY_ARCHIVE});
	return {entries, otherNames};
}

async function planWanted(
	members: Members,
	archive: SourceLocation,
	file: string,
	wanted: ReadonlySet<string>,
): Promise<PlannedArchive> {
	const missing = new Set(wanted);
	const entries: PlanEntry[] = [];
	for await (const member of members) {
		const name = displayName(member.name);
		if (!wanted.has(name)) continue;
		missing.delete(name);
		entries.push(planMember(member, name, archive, `${file}!${name}`));
	}
	for (const name of missing) {
		const error = {code: 'ENOENT', message: 'The archive has no such file', line: null, byte_offset: null};
		entries.push({type: 'unreadable', file: `${file}!${name}`, error});
	}
	return {entries, otherNames: []};
}

function planMember(
	{kind, place, packedBytes}: ArchiveMember,
	name: string,
	archive: SourceLocation,
	file: string,
): PlanEntry {
	if (kind === 'link') return {type: 'skipped', file, kind: LINK_WITHIN_ARCHIVE};
	if (kind !== 'file') return {type: 'skipped', file, kind: 'not a regular file'};
	if (place instanceof InputError) return {type: 'unreadable', file, error: toErrorReport(place)};
	const source: SourceLocation = {kind: 'member', archive, name, place};
	return {type: 'file', file, source, bytesTotal: packedBytes, isFound: true};
}

/**
The same, unless they are too much.

@throws {InputError} At the end, by what all of them together unpack to: many small bombs are one, and so are members that share their data.
*/
async function* withoutBomb(
	members: AsyncIterable<ArchiveMember>,
	archiveBytes: number,
	{maxUnpackedBytes, maxUnpackRatio}: UnpackLimits,
): AsyncGenerator<ArchiveMember, void> {
	let unpackedBytes = 0;
	let packedBytes = 0;
	for await (const member of members) {
		unpackedBytes += member.unpackedBytes;
		packedBytes += member.packedBytes;
		yield member;
	}
	const isOverRatio = unpackedBytes > RATIO_FLOOR_BYTES && unpackedBytes > maxUnpackRatio * archiveBytes;
	if (unpackedBytes > maxUnpackedBytes || isOverRatio) {
		throw new InputError(
			'SUSPECTED_BOMB',
			`The files of the archive, which has ${archiveBytes} bytes, would unpack to ${unpackedBytes}; at most ${maxUnpackRatio} times as many (--max-unpack-ratio), and ${maxUnpackedBytes} in all (--max-unpacked-bytes), are unpacked. If the archive is what it should be, unpack it first`,
		);
	}
	if (packedBytes <= archiveBytes) return;
	throw new InputError(
		'SUSPECTED_BOMB',
		`By its list, the files of the archive take ${packedBytes} bytes in it, and it has only ${archiveBytes}: they would share data. Expected each file to have its own`,
	);
}
