// What the library says of a processor that is declared with it.
import {defineProcessor, type ProcessorDeclaration} from 'fileproc-tui';
import {expect, expectTypeOf, test} from 'vitest';
import uppercase from '../../fixtures/processors/uppercase.ts';

const create = () => ({process() {}});

test('a declaration that can be used is given back as it is', () => {
	const declaration = {name: 'count', version: 1, state: {files: 0}, create};
	expect(defineProcessor(declaration)).toBe(declaration);
	expect(uppercase).toMatchObject({name: 'uppercase', version: 1});
});

test('any other one is told what is wrong with it', () => {
	const fault = (declaration: unknown): string => {
		try {
			defineProcessor(declaration as ProcessorDeclaration);
			return '';
		} catch (error) {
			return error instanceof TypeError ? error.message : `no TypeError: ${String(error)}`;
		}
	};
	const begin = 'The processor cannot be used: ';
	expect(fault(null)).toBe(`${begin}expected name, version and create`);
	expect(fault({name: 'Count', version: 1, create})).toBe(
		`${begin}name: expected up to 40 lower-case letters, digits and hyphens, with a letter first, but found "Count"`,
	);
	expect(fault({name: 'count', version: 1.5, create})).toBe(
		`${begin}version: expected a whole number from 1, but found 1.5`,
	);
	expect(fault({name: 'count', version: 1, create: {}})).toBe(
		`${begin}create: expected a function that gives an object with process(file, context), but found {}`,
	);
	expect(fault({name: 'count', version: 1, create, state: () => 0})).toBe(
		`${begin}state: expected what JSON can say, but found a function`,
	);
	expect(fault({name: 'count', version: 1, create, state: 1n})).toContain('state: expected what JSON can say');
});

test('the state of a processor has the type that is declared', () => {
	defineProcessor({
		name: 'count',
		version: 1,
		state: {files: 0},
		create: (config: {readonly step: number}) => ({
			process(file, {state, metadata, log}) {
				expectTypeOf(state).toEqualTypeOf<{files: number}>();
				expectTypeOf(file.text()).resolves.toEqualTypeOf<string>();
				expectTypeOf(config.step).toEqualTypeOf<number>();
				log(String(metadata));
				return {state: {files: state.files + config.step}};
			},
		}),
	});
});
