// What goes through a queue, before it is sealed. A job says what is to be read and how, never data. Who opens one checks that it is what
// it should be: another version of the program may have the same secret.
import {resolve} from 'node:path';
import type {FileSpan, SpanOutcome, TaskOutcome} from '../engine/backend/job-backend.ts';
import type {FilesReply, ReadSettings, SmallFileOutcome, SourceLocation} from '../engine/shared/protocol.ts';
import type {ProgressTotals} from '../engine/shared/shared-progress.ts';
import {isSendable} from '../engine/shared/source-location.ts';
import {version} from '../engine/version.ts';
import {pathText, systemPath} from '../text/path-text.ts';

/** Raised when what is sent changes without a new version of the program. */
const MESSAGE_FORMAT = 2;

/** Of a file: each costs some bytes of memory wherever some of them are read. */
export const MAX_RANGES = 65_536;

/** Only those with the same one understand each other, and come to the same figures. */
export const FORMAT = `${version}-${MESSAGE_FORMAT}`;

export interface JobBody {
	readonly format: string;
	/** The job that it is of: a body with another token was copied from there. */
	readonly token: string;
	/** Who wants it. */
	readonly run: string;
	readonly settings: ReadSettings;
	readonly sources: readonly SourceLocation[];
	/** Of a file by itself; `null` of a group, whose files are small, or where it is not known. */
	readonly bytesTotal: number | null;
	readonly isGroup: boolean;
	/** Of a file that is cut: which ranges are to be read. */
	readonly span: FileSpan | null;
}

/** What a job came to. */
export type ResultBody = {readonly token: string; readonly execution: string} & (
	| {readonly type: 'file'; readonly outcome: TaskOutcome}
	| {readonly type: 'span'; readonly outcome: SpanOutcome}
	| {readonly type: 'files'; readonly replies: readonly SentReply[]; readonly lost: string | null}
);

export interface SentReply extends Omit<FilesReply, 'outcomes'> {
	readonly outcomes: readonly SmallFileOutcome[];
	readonly kept: Uint8Array<ArrayBuffer> | null;
}

/** How far a worker is with a job. */
export interface JobProgress extends ProgressTotals {
	readonly token: string;
	/** Which try of a worker it is. */
	readonly execution: string;
	/** Of a group: the file that is being read, or was last. */
	readonly currentIndex: number;
	/** Replies that can be read before the job is done. */
	readonly replies: number;
}

/** What a worker says of itself, twice a second while it works. */
export interface WorkerBody {
	readonly type: 'worker';
	readonly id: string;
	readonly name: string;
	readonly format: string;
	readonly version: string;
	readonly host: string;
	readonly threads: number;
	/** Grows with each one, so that others know by their own clock when it was last heard of. */
	readonly beat: number;
	readonly isDraining: boolean;
	readonly jobs: readonly JobProgress[];
	/** Since it began. */
	readonly filesDone: number;
	/** Parts of large files. */
	readonly partsDone: number;
	readonly bytesRead: number;
	/** Results that were not taken, because another worker had the job meanwhile. */
	readonly late: number;
}

/** What a run says to workers, about jobs of its own. */
export interface RunBody {
	readonly type: 'run';
	readonly id: string;
	readonly beat: number;
	readonly directives: readonly JobDirective[];
}

export interface JobDirective {
	readonly token: string;
	readonly directive: 'run' | 'hold' | 'abort';
	/** Whether nobody waits for it any more. */
	readonly isKilled: boolean;
	/** Files of a group, by their places. */
	readonly cancelled: readonly number[];
}

/** Why a job is not done, by any worker. */
export class JobFault extends Error {
	override readonly name = 'JobFault';
}

/** @throws {JobFault} When it is no job, or not the one with this token. */
export function checkJob(value: unknown, token: string): JobBody {
	const body = value as Partial<JobBody> | null;
	if (typeof body !== 'object' || body === null) throw new JobFault('It is no job');
	const {format, settings, sources, run, isGroup, bytesTotal, span} = body;
	if (format !== FORMAT) throw new JobFault(`It is of version ${format}, and this worker is of ${FORMAT}`);
	if (body.token !== token) throw new JobFault('It is the copy of another job');
	const isWhole =
		typeof run === 'string' &&
		typeof isGroup === 'boolean' &&
		(bytesTotal === null || typeof bytesTotal === 'number') &&
		typeof settings === 'object' &&
		settings !== null &&
		typeof settings.limits === 'object' &&
		Array.isArray(sources) &&
		sources.length > 0 &&
		sources.every(isSendable) &&
		(span === null || (span !== undefined && !isGroup && isSpan(span)));
	if (!isWhole) throw new JobFault('It does not say what is to be read, and how');
	if (!areSendable(settings)) throw new JobFault('Functions and files of another process cannot be sent');
	return body as JobBody;
}

/** Whether there are such ranges of such a file. */
function isSpan({fileBytes, rangeBytes, first, end}: FileSpan): boolean {
	if (![fileBytes, rangeBytes, first, end].every(Number.isSafeInteger)) return false;
	const count = Math.ceil(fileBytes / rangeBytes);
	return rangeBytes > 0 && count <= MAX_RANGES && first >= 0 && first < end && end <= count;
}

export function checkWorker(value: unknown): WorkerBody | null {
	const body = value as Partial<WorkerBody> | null;
	const isOne = body?.type === 'worker' && typeof body.beat === 'number' && Array.isArray(body.jobs);
	return isOne ? (body as WorkerBody) : null;
}

export function checkRun(value: unknown): RunBody | null {
	const body = value as Partial<RunBody> | null;
	const isOne = body?.type === 'run' && typeof body.beat === 'number' && Array.isArray(body.directives);
	return isOne ? (body as RunBody) : null;
}

/** Modules are code, which no worker takes from a queue; and rejected records are written to a file that this process has opened. */
export const areSendable = ({registered = [], rejectSpool}: ReadSettings): boolean =>
	rejectSpool === undefined && registered.every(each => !('code' in each) || each.code === undefined);

/** With its whole path, as there is no working folder that all machines have. */
export function absolute(source: SourceLocation): SourceLocation {
	if (source.kind === 'member') return {...source, archive: absolute(source.archive)};
	return source.kind === 'file' ? movedTo(source, resolve(textOf(source.path))) : source;
}

export interface RootMap {
	readonly from: string;
	readonly to: string;
}

/** Where a worker finds what lies elsewhere on the machine of the run. */
export function mapped(source: SourceLocation, maps: readonly RootMap[]): SourceLocation {
	if (source.kind === 'member') return {...source, archive: mapped(source.archive, maps)};
	if (source.kind !== 'file') return source;
	const path = textOf(source.path);
	const map = maps.find(({from}) => path === from || path.startsWith(from.endsWith('/') ? from : `${from}/`));
	return map === undefined
		? source
		: movedTo(source, resolve(map.to, `.${path.slice(map.from.replace(/\/$/, '').length)}`));
}

const textOf = (path: string | Uint8Array): string => (typeof path === 'string' ? path : pathText(Buffer.from(path)));

/** Rules for names hold for what it was called first. */
function movedTo(source: Extract<SourceLocation, {kind: 'file'}>, path: string): SourceLocation {
	const before = textOf(source.path);
	return before === path ? source : {...source, path: systemPath(path), name: source.name ?? before};
}
