// A thread that writes a ledger for a program that goes on meanwhile: what has come while a transaction was under way goes into the next one,
// which is on the disk before anybody is told. A change is a statement by its name, with values.
import type {DatabaseSync, SQLInputValue, StatementSync} from 'node:sqlite';
import {type MessagePort, receiveMessageOnPort} from 'node:worker_threads';
import {explained, openToWrite} from './open-database.ts';

export interface NamedChange<Name extends string = string> {
	readonly statement: Name;
	readonly values: readonly SQLInputValue[];
	/** How many rows it must change; else nothing of its commit is written. Left out: any number. */
	readonly rows?: number;
}

export type ToCommitThread =
	/** All of them, or nothing. */
	{readonly type: 'commit'; readonly id: number; readonly changes: readonly NamedChange[]} | {readonly type: 'end'};

export type FromCommitThread =
	| {readonly type: 'opened'}
	| {readonly type: 'committed'; readonly ids: readonly number[]}
	/** Nothing of it is written. `isConflict`: because rows were not as they were expected. */
	| {
			readonly type: 'refused';
			readonly id: number;
			readonly message: string;
			readonly isFull: boolean;
			readonly isConflict: boolean;
	  }
	| {readonly type: 'ended'}
	| {readonly type: 'failed'; readonly message: string};

type Commit = Extract<ToCommitThread, {type: 'commit'}>;

/** SQLite: the disk is full; a constraint does not hold. */
const SQLITE_FULL = 13;
const SQLITE_CONSTRAINT = 19;

class UnexpectedRows extends Error {}

export function serveCommits(port: MessagePort, path: string, statements: Readonly<Record<string, string>>): void {
	const post = (message: FromCommitThread): void => port.postMessage(message);
	try {
		const database = openToWrite(path);
		const writer = new NamedWriter(database, statements);
		const write = (commits: readonly Commit[]): void => {
			try {
				writer.write(commits.flatMap(({changes}) => changes));
				post({type: 'committed', ids: commits.map(({id}) => id)});
			} catch (error) {
				// One of them may be at fault: then the others are not to suffer.
				if (commits.length > 1) for (const commit of commits) write([commit]);
				else for (const {id} of commits) post({type: 'refused', id, ...faultOf(path, error)});
			}
		};
		port.on('message', (first: ToCommitThread) => {
			const commits: Commit[] = [];
			for (const message of [first, ...waitingOn(port)]) {
				if (message.type === 'commit') {
					commits.push(message);
					continue;
				}
				if (commits.length > 0) write(commits);
				database.close();
				post({type: 'ended'});
				port.close();
				return;
			}
			write(commits);
		});
		post({type: 'opened'});
	} catch (error) {
		post({type: 'failed', message: error instanceof Error ? error.message : String(error)});
		port.close();
	}
}

class NamedWriter {
	readonly #database: DatabaseSync;
	readonly #sql: Readonly<Record<string, string>>;
	readonly #prepared = new Map<string, StatementSync>();

	constructor(database: DatabaseSync, statements: Readonly<Record<string, string>>) {
		this.#database = database;
		this.#sql = statements;
	}

	write(changes: readonly NamedChange[]): void {
		this.#database.exec('BEGIN IMMEDIATE');
		try {
			for (const {statement, values, rows} of changes) {
				const {changes: changed} = this.#prepare(statement).run(...values);
				if (rows !== undefined && Number(changed) !== rows)
					throw new UnexpectedRows(`Expected ${statement} to change ${rows} rows, but it changed ${changed}`);
			}
			this.#database.exec('COMMIT');
		} catch (error) {
			if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
			throw error;
		}
	}

	#prepare(name: string): StatementSync {
		const known = this.#prepared.get(name);
		if (known !== undefined) return known;
		const sql = this.#sql[name];
		if (sql === undefined) throw new Error(`There is no statement ${name}`);
		const statement = this.#database.prepare(sql);
		this.#prepared.set(name, statement);
		return statement;
	}
}

function faultOf(path: string, error: unknown): {message: string; isFull: boolean; isConflict: boolean} {
	const {errcode} = error as {readonly errcode?: unknown};
	const code = typeof errcode === 'number' ? errcode & 0xff : null;
	const isConflict = error instanceof UnexpectedRows || code === SQLITE_CONSTRAINT;
	if (isConflict) return {message: error instanceof Error ? error.message : String(error), isFull: false, isConflict};
	try {
		explained(path, () => {
			throw error;
		});
	} catch (fault) {
		return {message: fault instanceof Error ? fault.message : String(fault), isFull: code === SQLITE_FULL, isConflict};
	}
	throw new Error('Expected an error to be explained');
}

function* waitingOn(port: MessagePort): Generator<ToCommitThread, void, undefined> {
	for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
		yield next.message as ToCommitThread;
	}
}
