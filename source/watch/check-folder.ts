// What a watched folder is like, for `doctor`: whether files can be taken and moved, who watches it, and for every file that is not being
// worked on the reason. Nothing is changed.
import {accessSync, constants, type Stats, statSync} from 'node:fs';
import {relative} from 'node:path';
import {lstatIfThere} from '../engine/shared/lstat-if-there.ts';
import {checkLedger} from '../ledger/check-ledger.ts';
import {type OpenClaims, type Owner, openClaims} from '../ledger/claims-reader.ts';
import {LedgerError} from '../ledger/ledger-error.ts';
import {partsOf} from '../ledger/process-name.ts';
import {formatBytes, formatInteger, formatSeconds, quantity} from '../text/format.ts';
import {displayPath, systemPath} from '../text/path-text.ts';
import {codeOf} from '../text/system-error.ts';
import {checkFiles, type FileFinding} from './check-files.ts';
import {type DiskRoom, readDiskRoom} from './disk-room.ts';
import {type WatchFolders, watchFolders} from './folders.ts';
import {LOW_DISK_BYTES, LOW_DISK_FILES} from './health.ts';
import {type HowWatched, type Intake, intakeReasons, readIntake, rulesOf} from './intake-file.ts';
import {networkFileSystemOf} from './prepare-folders.ts';
import {isWatching} from './status.ts';

/** One line of the answer. */
export interface FolderFinding {
	readonly name: string;
	readonly found: string;
	/** What to do; `null` where all is well. */
	readonly advice: string | null;
}

export interface FolderCheck {
	readonly findings: readonly FolderFinding[];
	readonly files: readonly FileFinding[];
}

const FOLDERS = ['unprocessed', 'underprocess', 'processed', 'failed', 'results', 'state'] as const;

/**
@param root - As a text of `text/path-text.ts`.
@param now - Milliseconds since 1970.
*/
export async function checkFolder(root: string, how: HowWatched, now = Date.now()): Promise<FolderCheck> {
	const folders = watchFolders(root);
	const rootStats = statIfThere(root);
	if (rootStats === null || !rootStats.isDirectory()) {
		const found = rootStats === null ? 'not there' : 'not a folder';
		const advice = 'Make it, or name another one: fileproc-tui watch makes what belongs into it.';
		return {findings: [{name: 'folder', found: `${displayPath(root)}, ${found}`, advice}], files: []};
	}
	const room = roomOf(root);
	const ledger = readLedger(folders, now);
	const {claims, owner} = ledger;
	try {
		const isWatched = owner !== null && isWatching(owner);
		const intake = isWatched ? readIntake(folders, owner) : null;
		const files = checkFiles(folders, claims, {
			...{now, isWatched, ...rulesOf(how, intake)},
			isPaused: intake?.isPaused ?? false,
			isFull: intake?.isFull ?? false,
			blocked: new Map(intake?.blocked),
			refused: new Map(intake?.refused),
		});
		return {
			findings: [
				{name: 'folder', found: displayPath(root), advice: null},
				...describeFolders(folders, ledger.isThere),
				describeFileSystem(folders, await networkFileSystemOf(root).catch(() => null)),
				...ledger.findings,
				describeOwner(owner, isWatched),
				...describeClock(files.futureFiles),
				...describeRoom(room),
				...describeIntake(intake),
				...files.findings,
			],
			files: files.files,
		};
	} finally {
		claims?.close();
	}
}

function describeFolders(folders: WatchFolders, wasWatched: boolean): FolderFinding[] {
	const stats = FOLDERS.map(name => ({name, path: folders[name], stats: lstatIfThere(folders[name])}));
	const missing = stats.filter(each => each.stats === null);
	const labelOf = (path: string): string => `${relative(folders.root, path)}/`;
	const faults = stats.flatMap(({path, stats: found}) => {
		if (found === null) return [];
		if (!found.isDirectory())
			return [
				finding(
					labelOf(path),
					found.isSymbolicLink() ? 'a link' : 'not a folder',
					'Put the folder itself there: files are moved between folders of one disk.',
				),
			];
		const right = missingRight(path);
		return right === null ? [] : [finding(labelOf(path), describeRights(found), right)];
	});
	const names = missing.map(({path}) => labelOf(path)).join(', ');
	if (missing.length === 0)
		return [finding('folders', faults.length === 0 ? 'there, and yours to write' : 'there', null), ...faults];
	const rootRight = missingRight(folders.root);
	const advice = wasWatched ? 'Put them back if they were moved away; otherwise the next watch makes them.' : rootRight;
	return [
		finding('folders', `${wasWatched ? 'not there' : 'not there yet, the first watch makes them'}: ${names}`, advice),
		...faults,
	];
}

function describeRights({mode, uid, gid}: Stats): string {
	return `mode ${(mode & 0o7777).toString(8).padStart(3, '0')}, of user ${uid} and group ${gid}`;
}

/** What to do where a folder is not one's own to read and write; `null` where it is. */
function missingRight(path: string): string | null {
	const {R_OK, W_OK, X_OK} = constants;
	try {
		accessSync(systemPath(path), R_OK | W_OK | X_OK);
		return null;
	} catch (error) {
		if (codeOf(error) === 'EROFS') return 'Its disk is read-only: mount it so that it can be written to.';
		const user = process.getuid?.();
		const who = user === undefined ? 'this user' : `user ${user}`;
		return `It is not readable and writable for ${who}: change its permissions or its owner, or run as another user.`;
	}
}

function describeFileSystem(folders: WatchFolders, network: string | null): FolderFinding {
	const devices = FOLDERS.flatMap(name => {
		const stats = lstatIfThere(folders[name]);
		return stats?.isDirectory() ? [{name, device: stats.dev}] : [];
	});
	const name = 'file system';
	const other = devices.find(({device}) => device !== devices[0]?.device);
	if (other !== undefined && devices[0] !== undefined)
		return finding(
			name,
			`${relative(folders.root, folders[other.name])}/ is on another one than ${relative(folders.root, folders[devices[0].name])}/`,
			'Put all of the folder on one file system: files must be moved in one step.',
		);
	if (network !== null)
		return finding(
			name,
			network,
			'Use a disk of this machine: files may be lost or counted twice when a machine or the network fails. --allow-network-drive takes the risk.',
		);
	return finding(name, 'one, on this machine', null);
}

interface CheckedLedger {
	readonly isThere: boolean;
	readonly findings: readonly FolderFinding[];
	/** `null`: it cannot be read, or is not there. */
	readonly claims: OpenClaims | null;
	readonly owner: Owner | null;
}

function readLedger({ledger, root}: WatchFolders, now: number): CheckedLedger {
	const name = 'ledger';
	const path = relative(root, ledger);
	if (statIfThere(ledger) === null)
		return {isThere: false, claims: null, owner: null, findings: [finding(name, `${path}, not there yet`, null)]};
	const {bytes, fault} = checkLedger(ledger);
	if (fault !== null) return {isThere: true, claims: null, owner: null, findings: [finding(name, path, fault)]};
	try {
		const claims = openClaims(ledger);
		const count = claims.sums().reduce((sum, {files}) => sum + files, 0);
		const found = `${path}, ${quantity(count, 'decided claim')}, ${formatBytes(bytes)}, whole`;
		return {
			...{isThere: true, claims, owner: claims.owner()},
			findings: [finding(name, found, null), ...describeFuture(claims, now)],
		};
	} catch (error) {
		if (!(error instanceof LedgerError)) throw error;
		return {isThere: true, claims: null, owner: null, findings: [finding(name, path, error.message)]};
	}
}

/** Clocks that are set by the network differ by less. */
const CLOCK_TOLERANCE_MS = 60_000;

function describeFuture(claims: OpenClaims, now: number): FolderFinding[] {
	const {files} = claims.decidedBetween(now + CLOCK_TOLERANCE_MS, Number.MAX_SAFE_INTEGER);
	if (files === 0) return [];
	return [
		finding(
			'clock',
			`${quantity(files, 'claim')} of the ledger ended in the future`,
			'The clock of this machine was wrong then, or is now: set it. Files are taken all the same; ages and throughput are wrong until then.',
		),
	];
}

function describeOwner(owner: Owner | null, isWatched: boolean): FolderFinding {
	const name = 'owner';
	if (owner === null) return finding(name, 'nobody has watched it yet', 'Start it: fileproc-tui watch and the folder.');
	const {pid, host, isHere} = partsOf(owner.process);
	const since = timeText(owner.startedAt);
	if (isWatched && !isHere)
		return finding(
			name,
			`process ${pid} on ${host}, since ${since}`,
			'Whether it is still there cannot be seen from this machine: look there.',
		);
	if (isWatched) return finding(name, `process ${pid}, since ${since}`, null);
	if (owner.endedAt === null)
		return finding(
			name,
			`process ${pid} has died; it had watched since ${since}`,
			'Start the watch anew: it goes on where that one was.',
		);
	return finding(name, `nobody since ${timeText(owner.endedAt)}`, 'Start the watch: until then files wait.');
}

const timeText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

function describeRoom(room: DiskRoom | null): FolderFinding[] {
	if (room === null) return [];
	const {freeBytes, freeFiles} = room;
	const disk = finding(
		'free disk',
		formatBytes(freeBytes),
		freeBytes < LOW_DISK_BYTES ? 'Make room: without it no more files are taken.' : null,
	);
	if (freeFiles === null) return [disk];
	const advice =
		freeFiles < LOW_DISK_FILES ? 'Remove files that nobody needs: the file system has no inodes left.' : null;
	return [disk, finding('free inodes', formatInteger(freeFiles), advice)];
}

function describeClock(count: number): FolderFinding[] {
	if (count === 0) return [];
	return [
		finding(
			'times of files',
			`${quantity(count, 'file')} of the inbox ${count === 1 ? 'is' : 'are'} from the future`,
			'The clock of this machine, or of those who write them, is wrong: set it. They are taken all the same.',
		),
	];
}

function describeIntake(intake: Intake | null): FolderFinding[] {
	if (intake === null) return [];
	const {settleMs, isRecursive, needsMarker} = intake;
	const how = [
		`files that have been at rest for ${formatSeconds(settleMs / 1000)}`,
		...(isRecursive ? ['also in subfolders'] : []),
		...(needsMarker ? ['with a .done marker'] : []),
	];
	const [reason] = intakeReasons(intake);
	return [finding('intake', reason === undefined ? how.join(', ') : 'stopped', reason?.message ?? null)];
}

const finding = (name: string, found: string, advice: string | null): FolderFinding => ({name, found, advice});

function roomOf(root: string): DiskRoom | null {
	try {
		return readDiskRoom(root);
	} catch {
		return null;
	}
}

function statIfThere(path: string): Stats | null {
	return statSync(systemPath(path), {throwIfNoEntry: false}) ?? null;
}
