import fc from 'fast-check';
import {expect, test} from 'vitest';
import {type Arrangement, createArrange, PLAN_ORDER, SORT_KEYS, type Sort} from '../../source/store/arrange.ts';
import {parseFilter} from '../../source/store/filter.ts';
import {SampleRun, sampleRun} from '../ui/sample-run.ts';

const filterOf = (text: string) => {
	const parsed = parseFilter(text);
	if (!parsed.ok) throw new Error(parsed.message);
	return parsed.filter;
};
const shortNames = ({files}: Pick<Arrangement, 'files'>): string[] => files.slice().map(({file}) => file.slice(-7, -4));

test('without a filter and in the order of the plan, the list is the state’s own table', () => {
	const state = sampleRun().store.getSnapshot();
	const {files, indexOf} = createArrange()(state, null, PLAN_ORDER);
	expect(files).toBe(state.files);
	expect(indexOf('data/transactions_003.csv')).toBe(2);
	expect(indexOf('nothing')).toBe(-1);
});

test('a filter keeps the order, and the index of each file is right', () => {
	const state = sampleRun().store.getSnapshot();
	const {files, indexOf} = createArrange()(state, filterOf('!status:done'), PLAN_ORDER);
	expect(shortNames({files})).toEqual(['003', '005', '006', '007', '008', '009', '010', '011', '012']);
	expect(indexOf('data/transactions_005.csv')).toBe(1);
	expect(indexOf('data/transactions_001.csv')).toBe(-1);
});

test('files that need attention come first when sorted by status; last in descending order', () => {
	const state = sampleRun().store.getSnapshot();
	const arrange = createArrange();
	const names = (isDescending: boolean) => shortNames(arrange(state, null, {key: 'status', isDescending}));
	expect(names(false).slice(0, 5)).toEqual(['005', '006', '007', '003', '008']);
	expect(names(true).slice(0, 3)).toEqual(['001', '002', '004']);
});

test('unknown figures come last in both directions', () => {
	const run = new SampleRun();
	run.start(['a', 'b', 'c']);
	run.run('b');
	run.progress('b', 5000);
	const arrange = createArrange();
	for (const isDescending of [false, true]) {
		const {files} = arrange(run.store.getSnapshot(), null, {key: 'rows', isDescending});
		expect(files.slice().map(({file}) => file)).toEqual(['b', 'a', 'c']);
	}
});

test('the list is the same object as long as nothing changes', () => {
	const state = sampleRun().store.getSnapshot();
	const arrange = createArrange();
	const sort: Sort = {key: 'size', isDescending: true};
	expect(arrange(state, null, sort)).toBe(arrange(state, null, sort));
});

test('repeated arranging gives the result of the first time', () => {
	const sorts = fc.record({key: fc.constantFrom(...SORT_KEYS), isDescending: fc.boolean()});
	const steps = fc.array(fc.tuple(fc.nat(11), fc.nat(100)), {minLength: 1, maxLength: 8});
	fc.assert(
		fc.property(sorts, steps, fc.boolean(), (sort, progress, isFiltered) => {
			const run = sampleRun();
			const filter = isFiltered ? filterOf('status:running') : null;
			const arrange = createArrange();
			for (const [index, percent] of progress) {
				run.elapsedMs += 300;
				run.progress(`data/transactions_${String(index + 1).padStart(3, '0')}.csv`, percent * 1_000_000);
				const state = run.store.getSnapshot();
				const again = arrange(state, filter, sort);
				expect(again.files.slice()).toEqual(createArrange()(state, filter, sort).files.slice());
				for (const [place, {file}] of again.files.slice().entries()) expect(again.indexOf(file)).toBe(place);
			}
		}),
	);
});

test('10,000 files are sorted again quickly by a figure that changes', () => {
	const run = new SampleRun();
	run.start(Array.from({length: 10_000}, (_, index) => `f${index}`));
	const arrange = createArrange();
	const sort: Sort = {key: 'progress', isDescending: true};
	arrange(run.store.getSnapshot(), null, sort);
	run.run('f5000');
	run.elapsedMs = 1000;
	run.progress('f5000', 9_000_000);
	expect(arrange(run.store.getSnapshot(), null, sort).files.at(0)?.file).toBe('f5000');
});

test('a large list is arranged at most once a second, and always shows the current state of its files', () => {
	const run = new SampleRun();
	const names = Array.from({length: 3000}, (_, index) => `${index}.csv`.padStart(8, '0'));
	run.start(names);
	const arrange = createArrange();
	const byRows: Sort = {key: 'rows', isDescending: true};
	const first = () => arrange(run.store.getSnapshot(), null, byRows).files.at(0);
	for (const name of names.slice(0, 2)) run.run(name);
	run.progress(names[0] ?? '', 1000);
	expect(first()?.file).toBe(names[0]);
	run.elapsedMs = 500;
	run.progress(names[1] ?? '', 9000);
	run.progress(names[0] ?? '', 2000);
	expect(first()).toMatchObject({file: names[0], bytesRead: 2000});
	run.elapsedMs = 1000;
	run.progress(names[1] ?? '', 9100);
	expect(first()?.file).toBe(names[1]);
});
