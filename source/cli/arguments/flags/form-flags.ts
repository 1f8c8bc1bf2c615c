// Flags that say in which forms numbers and dates are, where the cells of a column do not.
import {dateFormats, parseDateFormat} from '../../../analysis/forms/date-format.ts';
import {flagsOf, READING} from './definition.ts';

export const FORM_FLAGS = [
	...flagsOf({group: 'Work', commands: READING, config: 'anywhere'}, [
		{
			name: 'decimal',
			type: 'string',
			default: null,
			defaultText: 'what the cells of each column say',
			choices: ['.', ','],
			placeholder: '<mark>',
			description: 'The decimal mark of all numbers: . or ,',
		},
		{
			name: 'thousands',
			type: 'string',
			default: null,
			defaultText: 'any that fits the decimal mark',
			choices: ['.', ',', 'space', "'", 'none'],
			placeholder: '<sign>',
			description: "The only sign between groups of digits, as in 1,234,567: . , space ' or none",
		},
		{
			name: 'date-format',
			type: 'string',
			default: null,
			defaultText: 'what the cells of each column say',
			choices: dateFormats,
			alsoTakes: {description: 'd.m.y', fits: text => parseDateFormat(text) !== null},
			placeholder: '<format>',
			description:
				'How all dates are written: y-m-d, d/m/y, m/d/y, d-mon-y, excel, epoch-seconds or epoch-milliseconds. Years of two digits are 1969 to 2068',
		},
	]),
] as const;
