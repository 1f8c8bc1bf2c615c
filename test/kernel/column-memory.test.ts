// What the kernel has of a column is read where the kernel has it, wherever its memory is by then.
import {expect, test} from 'vitest';
import {ColumnMemory} from '../../source/kernel/column-memory.ts';
import type {KernelExports} from '../../source/kernel/exports.ts';

test('a column can be read on after its sample took more memory than there was', () => {
	const memory = {buffer: new ArrayBuffer(65_536)};
	const growing: Partial<KernelExports> = {
		memory,
		columnOf: () => 0,
		formsOfColumn: () => 1024,
		allocate() {
			memory.buffer = memory.buffer.transfer(131_072);
			return 65_536;
		},
		packSample() {},
		release() {},
	};
	const words = new Uint32Array(memory.buffer, 1024, 7);
	words.set([0, 0, 500, 0, 0, 3, 9]);
	const column = new ColumnMemory(growing as KernelExports, 0, 0);
	expect(column.forms.lengths).toEqual({min: 3, max: 9, sum: 500});
	expect(column.packSample(new Uint32Array(2), 5)).toEqual({ends: new Uint32Array(2), bytes: new Uint8Array(5)});
	expect(column.forms.lengths).toEqual({min: 3, max: 9, sum: 500});
	expect(column.isCounted).toBe(false);
});
