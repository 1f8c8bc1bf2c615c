// Flags that say how files are written, where that is not to be found in each of them.
import {DIALECT_PATTERNS, type DialectPart, findDialectFault} from '../../../engine/plan/dialect-rules.ts';
import {flagsOf, READING} from './definition.ts';

const FOUND = 'found in each file';
const findFault = (part: DialectPart) => (text: string) => findDialectFault(part, text);

export const DIALECT_FLAGS = [
	...flagsOf({group: 'Work', commands: READING, config: 'anywhere'}, [
		{
			name: 'delimiter',
			type: 'string',
			default: null,
			defaultText: FOUND,
			placeholder: '<text>',
			description: 'What stands between fields: one or two characters, tab or space',
			pattern: DIALECT_PATTERNS.delimiter,
			findFault: findFault('delimiter'),
		},
		{
			name: 'quote',
			type: 'string',
			default: null,
			defaultText: FOUND,
			placeholder: '<sign>',
			description: 'What stands around fields: double ("), single (\') or none',
			pattern: DIALECT_PATTERNS.quote,
			findFault: findFault('quote'),
		},
		{
			name: 'escape',
			type: 'string',
			default: null,
			defaultText: FOUND,
			placeholder: '<way>',
			description: 'How a quote stands within quotes: doubled, or behind a backslash',
			pattern: DIALECT_PATTERNS.escape,
			findFault: findFault('escape'),
		},
		{
			name: 'header',
			type: 'boolean',
			default: null,
			defaultText: FOUND,
			description:
				'The first record has the names of the columns; with --no-header they are column_1, column_2 and so on',
		},
		{
			name: 'skip-lines',
			type: 'integer',
			default: null,
			defaultText: FOUND,
			minimum: 0,
			maximum: 1_000_000,
			placeholder: '<n>',
			description: 'Lines in front of the header that are no part of the table',
		},
		{
			name: 'skip-footer',
			type: 'integer',
			default: null,
			defaultText: FOUND,
			minimum: 0,
			maximum: 1000,
			placeholder: '<n>',
			description: 'Lines behind the last record that are no part of the table',
		},
		{
			name: 'comment',
			type: 'string',
			default: null,
			defaultText: FOUND,
			placeholder: '<sign>',
			description: 'Lines that begin with it are no part of the table: #',
			pattern: DIALECT_PATTERNS.comment,
			findFault: findFault('comment'),
		},
		{
			name: 'null',
			type: 'string',
			default: null,
			defaultText: 'no text',
			placeholder: '<text>',
			description: 'Cells that are this text are empty: NULL',
		},
	]),
] as const;
