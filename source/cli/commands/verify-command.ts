// `fileproc-tui verify`: reads the files of a ledger again, and says which are not what they were.

import {readAgain} from '../../engine/read-again.ts';
import {openLedger} from '../../ledger/ledger.ts';
import {LedgerError} from '../../ledger/ledger-error.ts';
import {type Verdict, type VerifiedFile, verifyFiles} from '../../ledger/verify-files.ts';
import {formatInteger} from '../../text/format.ts';
import {layOutSafely} from '../../text/json-layout.ts';
import {displayPath} from '../../text/path-text.ts';
import {safe} from '../../text/safe.ts';
import {wholePath} from '../../text/whole-path.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import type {VerifyCommand} from '../arguments/options.ts';
import {quoted} from '../arguments/usage-error.ts';
import {ownLedgerPath} from '../outputs/open-ledger.ts';
import {createOutputStream} from '../outputs/output-stream.ts';
import {listenForInterruption} from '../process/interruption.ts';
import {exitCodes} from './exit-codes.ts';
import {resolveRun} from './history/resolve-run.ts';

/** @returns The exit code: 1 where a file, or what it comes to, is not what it was. */
export async function verifyCommand({paths, ledger: given, run, isJson}: VerifyCommand): Promise<number> {
	const ledger = openOwn(given ?? ownLedgerPath());
	const interruption = listenForInterruption();
	try {
		const wanted = paths.map(path => wholePath(path));
		const options = {
			...(wanted.length > 0 && {paths: wanted}),
			run: run === null ? undefined : resolveRun(ledger, run),
		};
		const verified = await verifyFiles(ledger, options, (files, settings) =>
			readAgain(files, settings, {signal: interruption.signal}),
		);
		const stopped = interruption.exitCode();
		if (stopped !== null) return stopped;
		const stream = createOutputStream(process.stdout, interruption.signal);
		const unmatched = paths.filter((_, place) => !verified.some(file => isWithin(file, wanted[place] ?? '')));
		await stream.write(isJson ? `${layOutSafely({files: verified, unmatched}, '')}\n` : verifiedLines(verified));
		await stream.flush();
		if (!verified.every(({verdict}) => isFine(verdict))) return exitCodes.fileFailed;
		if (verified.length === 0) return exitCodes.nothingMatched;
		if (unmatched.length === 0) return exitCodes.ok;
		process.stderr.write(`fileproc-tui: The ledger has no file of ${unmatched.map(quoted).join(', ')}.\n`);
		return exitCodes.nothingMatched;
	} catch (error) {
		if (error instanceof LedgerError) throw new EnvironmentError(error.message);
		throw error;
	} finally {
		ledger.close();
		interruption.dispose();
	}
}

function openOwn(path: string): ReturnType<typeof openLedger> {
	try {
		return openLedger(path);
	} catch (error) {
		if (error instanceof LedgerError) throw new EnvironmentError(error.message);
		throw error;
	}
}

function isWithin({path}: VerifiedFile, wanted: string): boolean {
	const name = displayPath(wanted);
	return path === name || path.startsWith(name.endsWith('/') ? name : `${name}/`);
}

const isFine = (verdict: Verdict): boolean => verdict === 'matched' || verdict === 'not-hashed';

/** What is told of a file that is not what it was. */
const SENTENCES: Readonly<Record<Exclude<Verdict, 'matched' | 'not-hashed'>, string>> = {
	changed: 'its bytes are not those that were read',
	'figures-differ': 'its bytes are the same, and its figures differ: this is a fault of the program or the machine',
	missing: 'it is not there any more',
	failed: 'its bytes differ, or it cannot be read',
};

function verifiedLines(verified: readonly VerifiedFile[]): string {
	const lines = verified.flatMap(({file, path, run, verdict, error}) => {
		if (verdict === 'matched' || verdict === 'not-hashed') return [];
		const reason = error === null ? '' : ` (${error.message})`;
		const name = wholePath(file) === path ? file : path;
		return [`${verdict}  ${safe(name)}: ${SENTENCES[verdict]}${safe(reason)}; run ${run}`];
	});
	const counts = VERDICTS.flatMap(verdict => {
		const count = verified.filter(each => each.verdict === verdict).length;
		return count === 0 ? [] : [`${formatInteger(count)} ${verdict}`];
	});
	lines.push(counts.length === 0 ? 'The ledger has no such file.' : counts.join(', '));
	if (verified.some(({verdict}) => verdict === 'not-hashed')) lines.push(NOT_HASHED);
	return `${lines.join('\n')}\n`;
}

const NOT_HASHED =
	'not-hashed: of files that did not complete, streams and members of archives there is no hash to compare; --json names them';

const VERDICTS: readonly Verdict[] = ['matched', 'changed', 'figures-differ', 'missing', 'failed', 'not-hashed'];
