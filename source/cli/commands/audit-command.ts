// `fileproc-tui audit`: the audit log of a server, for who has its folder, also while it runs.
import {join, resolve} from 'node:path';
import {AuditReader, type ChainedLine, type ChainHead, verifyChain} from '../../ledger/audit-chain.ts';
import {LedgerError} from '../../ledger/ledger-error.ts';
import {formatInteger} from '../../text/format.ts';
import {layOutSafely} from '../../text/json-layout.ts';
import {EnvironmentError} from '../arguments/environment-error.ts';
import type {AuditCommand} from '../arguments/read-account-words.ts';
import {createOutputStream} from '../outputs/output-stream.ts';
import {exitCodes} from './exit-codes.ts';

/** @returns The exit code: 1 where the log is not what it was. */
export async function auditCommand({dataFolder, isJson, action}: AuditCommand): Promise<number> {
	const reader = open(join(resolve(dataFolder), 'ledger.db'));
	try {
		return action.type === 'export' ? await exportLines(reader) : await verify(reader, action.head, isJson);
	} finally {
		reader.close();
	}
}

function open(path: string): AuditReader {
	try {
		return new AuditReader(path);
	} catch (error) {
		throw error instanceof LedgerError ? new EnvironmentError(error.message) : error;
	}
}

async function exportLines(reader: AuditReader): Promise<number> {
	const stream = createOutputStream(process.stdout);
	let last: ChainedLine | null = null;
	for (const line of reader.lines()) {
		const {number, record, hash} = line;
		// The record stands there as it was hashed.
		await stream.write(`{"number":${number},"hash":"${hash.toString('hex')}","record":${record}}\n`);
		last = line;
	}
	await stream.flush();
	if (last !== null)
		process.stderr.write(
			`fileproc-tui: The log ends with ${headText({number: last.number, hash: last.hash.toString('hex')})}\n`,
		);
	return exitCodes.ok;
}

async function verify(reader: AuditReader, known: ChainHead | null, isJson: boolean): Promise<number> {
	const {fault, head} = verifyChain(reader.lines(), known);
	const stream = createOutputStream(process.stdout);
	if (isJson)
		await stream.write(
			`${layOutSafely({is_whole: fault === null, lines: head.number, head: headText(head), fault}, '')}\n`,
		);
	else if (fault === null) {
		const lines = `${formatInteger(head.number)} ${head.number === 1 ? 'line' : 'lines'}`;
		await stream.write(`The audit log is whole: ${lines}, the last one is ${headText(head)}\n`);
	} else {
		const {number, expected, found} = fault;
		await stream.write(
			`The audit log is broken at line ${number}: expected ${expected}, found ${found}. The ${formatInteger(head.number)} lines in front of it are whole.\n`,
		);
	}
	await stream.flush();
	return fault === null ? exitCodes.ok : exitCodes.fileFailed;
}

/** As --head takes it. */
const headText = ({number, hash}: ChainHead): string => `${number}:${hash}`;
