// The figures of a watched folder: from its ledger, for whoever asks once, and counted as claims change, for the process that watches
// it and asks every second. Both collect the same facts, and one function makes the figures of them.
import type {Claim, ClaimSum, ClaimsReader, DecidedSum} from '../ledger/claims-reader.ts';
import type {ClaimedFile, FailedFile, ProcessingTimes, WatchStatus} from '../model/watch-status.ts';
import {displayPath} from '../text/path-text.ts';

type CountedStatus = 'processing' | 'completed' | 'failed' | 'duplicate';

export interface ClaimStatistics
	extends Pick<
		WatchStatus,
		'rows' | 'tags' | 'success_rate' | 'processing_time' | 'throughput' | 'last_error' | 'processing' | 'failed'
	> {
	readonly files: Readonly<Record<CountedStatus, number>>;
	readonly bytes: Readonly<Record<CountedStatus, number>>;
}

/** What the figures are made of. */
interface Facts {
	readonly sums: Iterable<ClaimSum>;
	readonly undecided: DecidedSum;
	/** The first ones in turn. */
	readonly processing: readonly Claim[];
	/** The last ones first. */
	readonly failed: readonly Claim[];
	/** In milliseconds. */
	readonly times: readonly number[] | Float64Array;
	readonly lastMinute: DecidedSum;
	readonly lastHour: DecidedSum;
	readonly sinceStart: DecidedSum;
}

/** Quantiles are exact, and of the files that were processed last: so many times are sorted in a millisecond. */
const TIMES_KEPT = 10_000;
/** Lists are for people: the counts are of all. */
export const FILES_LISTED = 20;
const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3600;

export interface StatisticsTime {
	/** Milliseconds since 1970. */
	readonly now: number;
	/** When the process that watches the folder began; `null`: nobody ever has. */
	readonly startedAt: number | null;
}

export function readStatistics(claims: ClaimsReader, {now, startedAt}: StatisticsTime): ClaimStatistics {
	const second = secondOf(now);
	const until = (second + 1) * 1000 - 1;
	const within = (seconds: number): DecidedSum => claims.decidedBetween((second - seconds + 1) * 1000, until);
	return figuresOf(
		{
			sums: claims.sums(),
			undecided: claims.undecided(),
			processing: claims.list({states: ['intended', 'claimed'], order: 'oldest-first', limit: FILES_LISTED}),
			failed: claims.list({statuses: ['failed'], limit: FILES_LISTED}),
			times: claims.processingTimes(TIMES_KEPT),
			lastMinute: within(MINUTE_SECONDS),
			lastHour: within(HOUR_SECONDS),
			sinceStart: startedAt === null ? NOTHING : claims.decidedBetween(startedAt, Number.MAX_SAFE_INTEGER),
		},
		now,
	);
}

/**
Counts claims as they change, at no cost for those that do not. It agrees with `readStatistics`, except that a clock that was set back
hides from it what lies more than an hour ahead.
*/
export class LiveStatistics {
	readonly #startedAt: number;
	readonly #sums = new Map<string, {-readonly [Key in keyof ClaimSum]: ClaimSum[Key]}>();
	readonly #undecided = new Map<string, Claim>();
	/** Decided and counted, and not finished yet. */
	readonly #moving = new Set<string>();
	#undecidedBytes = 0;
	#failed: Claim[] = [];
	/** A ring of the times of the last files. */
	readonly #times = new Float64Array(TIMES_KEPT);
	#timeCount = 0;
	readonly #hour = new LastHour();
	#sinceStart = {files: 0, bytes: 0};

	/** @param startedAt - When this process began to watch, in milliseconds since 1970. */
	constructor(claims: ClaimsReader, startedAt: number) {
		this.#startedAt = startedAt;
		for (const sum of claims.sums()) this.#sums.set(keyOf(sum), {...sum});
		for (const claim of claims.list({states: ['intended', 'claimed'], order: 'oldest-first'}))
			this.#putUndecided(claim);
		for (const {id} of claims.list({states: ['decided']})) this.#moving.add(id);
		this.#failed = claims.list({statuses: ['failed'], limit: FILES_LISTED});
		for (const ms of claims.processingTimes(TIMES_KEPT).reverse()) this.#addTime(ms);
		this.#sinceStart = {...claims.decidedBetween(startedAt, Number.MAX_SAFE_INTEGER)};
		for (const {decidedAt, bytes} of claims.decidedSince(startedAt - HOUR_SECONDS * 1000))
			this.#hour.add(decidedAt, bytes);
	}

	/** A claim as it is now, whenever something of it has changed, in the order of the changes. */
	put(claim: Claim): void {
		const {id, state, status} = claim;
		const isUndecided = this.#undecided.has(id);
		if (status === null) {
			this.#putUndecided(claim);
			return;
		}
		const isCounted = this.#moving.has(id) || (state === 'finished' && !isUndecided);
		if (state === 'finished') this.#moving.delete(id);
		else this.#moving.add(id);
		// What follows the decision changes no figure.
		if (isCounted) return;
		this.#dropUndecided(id);
		this.#addDecided(claim);
	}

	/** The claim is gone, because its file has been given back. */
	drop(id: string): void {
		this.#dropUndecided(id);
	}

	/**
	Its file has been taken up again by another claim: it does not count any more.

	@param readFailed - The failed claims that the ledger has now, the last ones first.
	*/
	retried(claim: Claim, readFailed: () => Claim[]): void {
		this.#addToSum(claim, -1);
		const left = this.#failed.filter(({id}) => id !== claim.id);
		this.#failed = left.length < FILES_LISTED && left.length < this.#failed.length ? readFailed() : left;
	}

	/** Its file lies in `failed/` again. */
	restored(claim: Claim, readFailed: () => Claim[]): void {
		this.#addToSum(claim, 1);
		this.#failed = readFailed();
	}

	figures(now: number): ClaimStatistics {
		const second = secondOf(now);
		return figuresOf(
			{
				sums: this.#sums.values(),
				undecided: {files: this.#undecided.size, bytes: this.#undecidedBytes},
				processing: firstOf(this.#undecided.values(), FILES_LISTED),
				failed: this.#failed,
				times: this.#times.subarray(0, Math.min(this.#timeCount, TIMES_KEPT)),
				lastMinute: this.#hour.sum(second, MINUTE_SECONDS),
				lastHour: this.#hour.sum(second, HOUR_SECONDS),
				sinceStart: this.#sinceStart,
			},
			now,
		);
	}

	/** One that is known keeps its turn. */
	#putUndecided(claim: Claim): void {
		this.#undecidedBytes += claim.bytes - (this.#undecided.get(claim.id)?.bytes ?? 0);
		this.#undecided.set(claim.id, claim);
	}

	#dropUndecided(id: string): void {
		const claim = this.#undecided.get(id);
		if (claim === undefined) return;
		this.#undecidedBytes -= claim.bytes;
		this.#undecided.delete(id);
	}

	#addDecided(claim: Claim): void {
		const {status, bytes, startedAt, decidedAt} = claim;
		if (status === null || decidedAt === null) throw new Error(`Expected claim ${claim.id} to be decided`);
		this.#addToSum(claim, 1);
		if (status === 'failed')
			this.#failed = [claim, ...this.#failed.filter(({id}) => id !== claim.id)].slice(0, FILES_LISTED);
		if (status !== 'duplicate' && startedAt !== null) this.#addTime(decidedAt - startedAt);
		this.#hour.add(decidedAt, bytes);
		if (decidedAt < this.#startedAt) return;
		this.#sinceStart.files++;
		this.#sinceStart.bytes += bytes;
	}

	#addToSum({status, tag, bytes, rows, rejectedRows}: Claim, sign: 1 | -1): void {
		if (status === null) return;
		const key = keyOf({status, tag});
		const sum = this.#sums.get(key) ?? {status, tag, files: 0, bytes: 0, rows: 0, rejectedRows: 0};
		sum.files += sign;
		sum.bytes += sign * bytes;
		sum.rows += sign * (rows ?? 0);
		sum.rejectedRows += sign * (rejectedRows ?? 0);
		// A tag without files is none that the ledger would tell of.
		if (sum.files === 0) this.#sums.delete(key);
		else this.#sums.set(key, sum);
	}

	#addTime(ms: number): void {
		this.#times[this.#timeCount++ % TIMES_KEPT] = ms;
	}
}

/** Files and bytes of each second of the last hour. */
class LastHour {
	readonly #seconds = new Float64Array(HOUR_SECONDS).fill(-1);
	readonly #files = new Float64Array(HOUR_SECONDS);
	readonly #bytes = new Float64Array(HOUR_SECONDS);

	add(at: number, bytes: number): void {
		const second = secondOf(at);
		const place = second % HOUR_SECONDS;
		if (this.#seconds[place] !== second) {
			this.#seconds[place] = second;
			this.#files[place] = 0;
			this.#bytes[place] = 0;
		}
		this.#files[place] = (this.#files[place] ?? 0) + 1;
		this.#bytes[place] = (this.#bytes[place] ?? 0) + bytes;
	}

	/** Of so many seconds, the last of which is `second`. */
	sum(second: number, seconds: number): DecidedSum {
		const sum = {files: 0, bytes: 0};
		for (let at = second - seconds + 1; at <= second; at++) {
			const place = at % HOUR_SECONDS;
			if (this.#seconds[place] !== at) continue;
			sum.files += this.#files[place] ?? 0;
			sum.bytes += this.#bytes[place] ?? 0;
		}
		return sum;
	}
}

const NOTHING: DecidedSum = {files: 0, bytes: 0};
const secondOf = (ms: number): number => Math.floor(ms / 1000);
const keyOf = ({status, tag}: Pick<ClaimSum, 'status' | 'tag'>): string => JSON.stringify([status, tag]);

function firstOf<Value>(values: Iterable<Value>, count: number): Value[] {
	const first: Value[] = [];
	for (const value of values) {
		if (first.length === count) break;
		first.push(value);
	}
	return first;
}

function figuresOf(facts: Facts, now: number): ClaimStatistics {
	const {undecided, failed} = facts;
	const files = {processing: undecided.files, completed: 0, failed: 0, duplicate: 0};
	const bytes = {processing: undecided.bytes, completed: 0, failed: 0, duplicate: 0};
	const rows = {read: 0, rejected: 0};
	const tags = new Map<string | null, {tag: string | null; completed: number; failed: number; duplicate: number}>();
	for (const sum of facts.sums) {
		files[sum.status] += sum.files;
		bytes[sum.status] += sum.bytes;
		rows.read += sum.rows;
		rows.rejected += sum.rejectedRows;
		const counts = tags.get(sum.tag) ?? {tag: sum.tag, completed: 0, failed: 0, duplicate: 0};
		counts[sum.status] += sum.files;
		tags.set(sum.tag, counts);
	}
	const processed = files.completed + files.failed;
	return {
		files,
		bytes,
		rows,
		tags: [...tags.values()].sort((left, right) => compareTags(left.tag, right.tag)),
		success_rate: processed === 0 ? null : files.completed / processed,
		processing_time: timesOf(facts.times),
		throughput: {
			last_minute: {...facts.lastMinute},
			last_hour: {...facts.lastHour},
			since_start: {...facts.sinceStart},
		},
		last_error: failed[0] === undefined ? null : failedFile(failed[0]),
		processing: facts.processing.map(claim => claimedFile(claim, now)),
		failed: failed.map(failedFile),
	};
}

/** By name, and those without one last. */
function compareTags(left: string | null, right: string | null): number {
	if (left === null || right === null) return Number(left === null) - Number(right === null);
	return left < right ? -1 : Number(left > right);
}

/** A clock that was set back must not give times below 0. */
function timesOf(times: Facts['times']): ProcessingTimes {
	const sorted = Float64Array.from(times, ms => Math.max(0, ms)).sort();
	const {length} = sorted;
	if (length === 0) return {files: 0, mean: null, p50: null, p95: null, p99: null};
	const sum = sorted.reduce((total, ms) => total + ms, 0);
	// The smallest time that at least this part of the files did not exceed.
	const quantile = (part: number): number => (sorted[Math.ceil(part * length) - 1] ?? 0) / 1000;
	return {
		files: length,
		mean: Math.round(sum / length) / 1000,
		p50: quantile(0.5),
		p95: quantile(0.95),
		p99: quantile(0.99),
	};
}

const ageOf = (at: number, now: number): number => Math.max(0, now - at) / 1000;

const claimedFile = ({id, name, state, tag, step, attempts, bytes, arrivedAt}: Claim, now: number): ClaimedFile => ({
	file: displayPath(name),
	claim: id,
	state: state === 'intended' ? state : 'claimed',
	...{tag, step, attempts, bytes},
	age: ageOf(arrivedAt, now),
});

const failedFile = ({id, name, code, message, tag, attempts, decidedAt}: Claim): FailedFile => ({
	file: displayPath(name),
	claim: id,
	at: new Date(decidedAt ?? 0).toISOString(),
	code: code ?? 'UNKNOWN',
	message: message ?? '',
	...{tag, attempts},
});
