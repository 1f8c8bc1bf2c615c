// A run of another process: whether it is in reach stands in the header.
import {expect, test} from 'vitest';
import type {ConnectionState} from '../../source/model/connection.ts';
import {lineWidth} from '../../source/ui/look/line.ts';
import {createLook} from '../../source/ui/look/look.ts';
import {buildHeader} from '../../source/ui/views/header-lines.ts';
import {sampleRun} from './sample-run.ts';

const look = createLook({theme: 'default', ascii: false, colorLevel: 1});

function headerOf(connection: ConnectionState | null, columns: number) {
	const state = sampleRun().store.getSnapshot();
	const {beforeSpinner, afterSpinner} = buildHeader(state, 3000, {title: 'clients/2024', connection}, columns, look);
	return {
		text: beforeSpinner.map(part => part.text).join(''),
		parts: beforeSpinner,
		width: lineWidth(beforeSpinner) + lineWidth(afterSpinner),
	};
}

test.each([
	['lost', 'reconnecting'],
	['signed-out', 'signed out'],
] as const)('a connection that is %s is said first and in the colour of a warning, on narrow screens, too', (state, word) => {
	for (let columns = 50; columns <= 160; columns++) {
		const {text, parts, width} = headerOf(state, columns);
		expect(text, `${columns} columns`).toContain(word);
		expect(width).toBeLessThanOrEqual(columns);
		expect(parts.find(part => part.text === word)?.style).toEqual(look.theme.warning);
	}
});

test('a connection that is as it should be gives way to what the run is, and one of this process has none', () => {
	expect(headerOf('live', 120).text).toContain('live');
	expect(headerOf('live', 50).text).toContain('clients');
	expect(headerOf(null, 120).text).not.toMatch(/live|connect/);
});
