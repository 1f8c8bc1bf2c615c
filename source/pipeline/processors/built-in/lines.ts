// `simple` and `stateful` of the classic configurations: they count lines, of each file and of all that have come.
import type {JsonObject} from '../../pipeline.ts';
import type {BuiltIn} from '../built-in.ts';
import {isolatedProcessor} from '../pool/isolated-processor.ts';
import {fieldsOf, optional} from '../settings-reader.ts';
import {timeout, timeoutOf} from '../timeout.ts';

const settingsKind = fieldsOf({timeout: optional(timeout)});

const counting = (name: 'simple' | 'stateful', isStateful: boolean): BuiltIn => ({
	name,
	version: 1,
	settings: settingsKind,
	open: (settings: JsonObject, surroundings) =>
		isolatedProcessor(
			{kind: 'built-in', name},
			{name, version: 1, isStateful},
			settings,
			surroundings,
			timeoutOf(settings, surroundings),
		),
});

export const simple = counting('simple', false);
export const stateful = counting('stateful', true);
