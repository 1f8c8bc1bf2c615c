// Holds what a process has asked of the system against the order that a watched folder promises: whatever is cut off at any moment, what was said
// of a file is on the disk before it goes on. It shares no code with the program, and knows nothing of how it does it.
import {basename, dirname} from 'node:path';
import {type DurableLedger, durableLedgers} from './durable-ledger.ts';
import type {TracedCall} from './watch-trace.ts';
import type {ClaimRow} from './watched-ledger.ts';

/** @returns Sentences, one for each thing that is out of order. */
export function faultsOfTrace(calls: readonly TracedCall[]): readonly string[] {
	const takings = calls.filter(
		({name, path, to}) => name === 'rename' && path.startsWith('unprocessed/') && to.startsWith('underprocess/'),
	);
	if (takings.length === 0) return ['no file was taken'];
	const ledgers = durableLedgers(calls, takings[0]?.begins ?? 0);
	return takings.flatMap(taking => faultsOfClaim(taking, calls, ledgers));
}

function faultsOfClaim(taking: TracedCall, calls: readonly TracedCall[], ledgers: readonly DurableLedger[]): string[] {
	const name = taking.path;
	const under = taking.to;
	const id = basename(under).replace(/__.*$/s, '');
	const faults: string[] = [];
	const expect = (isTrue: boolean, sentence: string): void => void (isTrue || faults.push(`${name}: ${sentence}`));
	const claimIn = (ledger: DurableLedger | undefined): ClaimRow | undefined =>
		ledger?.rows.claims.find(claim => claim.id === id);
	/** What a power cut at that place would leave of the claim. */
	const stateAt = (place: number): string =>
		claimIn(ledgers.findLast(({durableAt}) => durableAt < place))?.state ?? 'unknown';
	const isFlushed = (path: string, after: number, before: number): boolean =>
		calls.some(
			call =>
				(call.name === 'fsync' || call.name === 'fdatasync') &&
				call.path === path &&
				call.begins > after &&
				call.ends < before,
		);

	expect(stateAt(taking.begins) === 'intended', 'it is moved before the intent is on the disk');

	const opening = calls.find(call => call.name === 'openat' && call.path === under);
	const opened = opening?.begins ?? 0;
	expect(opening !== undefined, 'it is not opened');
	for (const flag of ['O_NOFOLLOW', 'O_NONBLOCK'])
		expect(opening?.flags.includes(flag) === true, `it is opened without ${flag}`);
	for (const folder of [dirname(name), 'underprocess'])
		expect(isFlushed(folder, taking.ends, opened), `it is opened before ${folder}/ is on the disk`);
	expect(stateAt(opened) === 'claimed', 'it is opened before the attempt is on the disk');

	const isOutOf = ({to}: TracedCall): boolean => /^(?:results|processed|failed)\//.test(to) && to.includes(id);
	const moves = calls.filter(call => call.name === 'rename' && isOutOf(call));
	const moving = moves.find(({path}) => path === under);
	if (moving === undefined) return [...faults, `${name}: it is not moved to a destination`];

	const decided = ledgers.find(ledger => claimIn(ledger)?.state === 'decided');
	if (decided === undefined) return [...faults, `${name}: it is never on the disk what it came to`];
	const {rows} = decided;
	const claim = claimIn(decided);
	const ended = rows.claims.filter(({status}) => status !== null).length;
	expect(isFlushed(under, opened, decided.writtenFrom), 'it is reported before its bytes are on the disk');
	expect(claim?.destination === dirname(moving.to), 'its outcome is on the disk without its destination');
	expect(rows.kept.has(claim?.result ?? -1), 'its outcome is on the disk without its result');
	expect(rows.endings.get(id)?.length === 1, 'its outcome is on the disk without its event');
	expect(rows.fileRows === ended, 'its outcome is on the disk without its row');
	for (const {begins, to} of moves)
		expect(decided.durableAt < begins, `${dirname(to)}/ has it before its outcome is on the disk`);

	for (const {path, to, begins, ends} of moves) {
		if (path === under) continue;
		const written = calls.findLast(call => call.name === 'write' && call.path === path && call.begins < begins);
		expect(written !== undefined, `${dirname(to)}/ has something of it that was not written`);
		expect(isFlushed(path, written?.ends ?? 0, begins), `${dirname(to)}/ has what is said of it before its bytes do`);
		expect(isFlushed(dirname(to), ends, moving.begins), `it is moved before ${dirname(to)}/ is on the disk`);
	}
	expect(moves.length > 1, 'there is nothing that says what it came to');

	const finished = ledgers.find(ledger => claimIn(ledger)?.state === 'finished');
	if (finished === undefined) return [...faults, `${name}: its end is never on the disk`];
	for (const folder of [dirname(moving.to), 'underprocess'])
		expect(isFlushed(folder, moving.ends, finished.writtenFrom), `it has ended before ${folder}/ is on the disk`);
	return faults;
}
