import {existsSync, mkdirSync, renameSync, symlinkSync} from 'node:fs';
import {expect, test} from 'vitest';
import {openToWrite} from '../../source/ledger/open-database.ts';
import {cleanFolder, planCleaning} from '../../source/watch/clean-folder.ts';
import {HeldFolders} from '../../source/watch/held-folders.ts';
import {claimOf, createWatchedFolder, saveClaim} from '../helpers/claims.ts';
import {createTemporaryFolder} from '../helpers/temporary-folder.ts';

function createCleanable(name: string) {
	const temporary = createTemporaryFolder();
	const {folders, ledger} = createWatchedFolder(temporary);
	const claim = saveClaim(ledger, claimOf('c1', {name}));
	const file = `processed/${name.includes('/') ? 'sub/' : ''}${claim.storedName}`;
	temporary.write(file, 'data');
	return {temporary, folders, ledger, claim, file};
}

test('a claim that is taken up again after the plan keeps its files', () => {
	const {temporary, folders, ledger, claim, file} = createCleanable('a.csv');
	const plan = planCleaning(folders, 10_000);
	expect(plan).toMatchObject({claims: 1, folders: {processed: {files: 1, bytes: 4}}});
	saveClaim(ledger, {...claim, state: 'claimed', status: null});
	expect(cleanFolder(folders, plan, 10_000)).toEqual({files: 0, bytes: 0, faults: []});
	expect(existsSync(temporary.at(file))).toBe(true);
});

test('a failed file that is being taken up again is left alone', () => {
	const temporary = createTemporaryFolder();
	const {folders, ledger} = createWatchedFolder(temporary);
	const claim = saveClaim(ledger, claimOf('c1', {status: 'failed', destination: 'failed', code: 'BINARY'}));
	temporary.write(`failed/${claim.storedName}`, 'data');
	const plan = planCleaning(folders, 10_000);
	expect(plan.folders.failed.files).toBe(1);
	saveClaim(ledger, {...claim, retriedBy: 'c2'});
	expect(planCleaning(folders, 10_000)).toMatchObject({claims: 0, younger: 1});
	expect(cleanFolder(folders, plan, 10_000).files).toBe(0);
	expect(existsSync(temporary.at(`failed/${claim.storedName}`))).toBe(true);
});

test('what the steps of a failed file have written goes with it, and after a retry with that one', () => {
	const temporary = createTemporaryFolder();
	const {folders, ledger} = createWatchedFolder(temporary);
	const failure = {status: 'failed', destination: 'failed', code: 'VALIDATION_FAILED', name: 'sub/a.csv'} as const;
	const fail = (id: string, changes: {retriedBy?: string; finishedAt?: number}): string => {
		const {storedName} = saveClaim(ledger, claimOf(id, {...failure, ...changes}));
		const output = `${storedName}.validate.rejects.csv`;
		ledger.prepare('UPDATE claims SET outputs = ? WHERE id = ?').run(JSON.stringify([output]), id);
		temporary.write(`results/sub/${output}`, 'rejects');
		return storedName;
	};
	fail('c1', {retriedBy: 'c2'});
	const storedName = fail('c2', {finishedAt: 20_000});
	for (const file of [storedName, `${storedName}.reason.json`]) temporary.write(`failed/sub/${file}`, 'data');
	expect(planCleaning(folders, 10_000)).toMatchObject({claims: 0, younger: 4, unknown: 0});
	const plan = planCleaning(folders, 30_000);
	expect(plan).toMatchObject({claims: 2, folders: {failed: {files: 2}, results: {files: 2}}, younger: 0, unknown: 0});
	expect(cleanFolder(folders, plan, 30_000)).toMatchObject({files: 4, faults: []});
});

test('a folder that has become a link after the plan is not entered, and told', () => {
	const {temporary, folders} = createCleanable('sub/a.csv');
	const plan = planCleaning(folders, 10_000);
	expect(plan.claims).toBe(1);
	renameSync(temporary.at('processed/sub'), temporary.at('elsewhere'));
	symlinkSync(temporary.at('elsewhere'), temporary.at('processed/sub'));
	const {files, faults} = cleanFolder(folders, plan, 10_000);
	expect(files).toBe(0);
	expect(faults.map(fault => fault.file)).toEqual(['processed/sub/c1__a.csv']);
	expect(existsSync(temporary.at('elsewhere/c1__a.csv'))).toBe(true);
});

test('a name in the ledger leads nowhere else', () => {
	const temporary = createTemporaryFolder();
	const held = new HeldFolders(temporary.folder('root'));
	expect(() => held.pathIn('processed/../../x')).toThrow('Expected a path below the folder');
	held.close();
});

test('the process that watches can commit between two batches, and many folders are held in turn', () => {
	const temporary = createTemporaryFolder();
	const {folders, ledger} = createWatchedFolder(temporary);
	for (let index = 0; index < 250; index++) {
		const claim = saveClaim(ledger, claimOf(`c${index}`, {name: `f${index % 90}/a.csv`}));
		temporary.write(`processed/f${index % 90}/${claim.storedName}`, 'x');
	}
	const plan = planCleaning(folders, 10_000);
	// A reader and an idle writer are no hindrance.
	const other = openToWrite(folders.ledger);
	expect(cleanFolder(folders, plan, 10_000)).toEqual({files: 250, bytes: 250, faults: []});
	other.exec('UPDATE claims SET step = NULL');
	other.close();
});

test('folders that are not there have nothing to remove', () => {
	const {folders} = createCleanable('a.csv');
	mkdirSync(`${folders.root}/aside`);
	for (const name of ['failed', 'results'] as const) renameSync(folders[name], `${folders.root}/aside/${name}`);
	const plan = planCleaning(folders, 10_000);
	expect(cleanFolder(folders, plan, 10_000)).toMatchObject({files: 1, faults: []});
});

test('what a claim came to stays as long as it is that of a later duplicate, too', () => {
	const temporary = createTemporaryFolder();
	const {folders, ledger} = createWatchedFolder(temporary);
	const first = saveClaim(ledger, claimOf('c1', {name: 'sub/a.csv'}));
	const duplicate = {status: 'duplicate', duplicateOf: 'c1', finishedAt: 20_000} as const;
	const later = saveClaim(ledger, claimOf('c2', {...duplicate, name: 'b.csv'}));
	ledger.exec(`INSERT INTO segments (number, results) VALUES (1, x'00');
		INSERT INTO results (number, settings, hash, content, kind, segment, start, length) VALUES (1, x'', 'xxh3-128', x'00', '', 1, 0, 0);
		UPDATE claims SET result = 1`);
	const files = [
		`processed/sub/${first.storedName}`,
		`results/sub/${first.storedName}.json`,
		`processed/${later.storedName}`,
	];
	for (const file of files) temporary.write(file, 'data');
	const left = (before: number): readonly string[] => {
		cleanFolder(folders, planCleaning(folders, before), before);
		return files.filter(file => existsSync(temporary.at(file)));
	};
	expect(planCleaning(folders, 10_000)).toMatchObject({folders: {results: {files: 0}}, younger: 2});
	expect(left(10_000)).toEqual(files.slice(1));
	// With the duplicate everything goes.
	expect(left(30_000)).toEqual([]);
});
