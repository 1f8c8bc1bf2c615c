// Flags of a question that is asked on the command line.
import {MAX_LIMIT} from '../../../analysis/question/declare-question.ts';
import {parseColumn, parseKeys} from '../../../analysis/question/parse-columns.ts';
import {parseWhere} from '../../../analysis/where/parse-where.ts';
import {findExpressionFault} from '../expression-fault.ts';
import {flagsOf} from './definition.ts';

const RUN = ['run', 'config'] as const;

const findKeyFault = (text: string): string | undefined => findExpressionFault(text, parseKeys);
const findColumnFault = (text: string): string | undefined => findExpressionFault(text, parseColumn);

export const QUESTION_FLAGS = [
	...flagsOf({group: 'Questions', commands: RUN, config: 'own'}, [
		{
			name: 'where',
			type: 'string',
			default: null,
			defaultText: 'all records',
			placeholder: '<condition>',
			description:
				'Only records that fit count, for any analysis: \'amount > 100 and category = "fuel"\'. A column, as the header names it, is compared by = != < <= > >= or in (...) with numbers, dates like 2024-05-01, or texts in quotes; or by contains "...", starts with "...", is empty; joined by and, or, not and brackets. A cell that is empty, or no number where one is compared, fits none of these but is empty. Others count as filtered',
			findFault: (text: string) => findExpressionFault(text, parseWhere),
			commands: [...RUN, 'convert', 'watch'],
		},
		{
			name: 'group-by',
			type: 'string',
			default: null,
			placeholder: '<column[,column]>',
			description:
				'Ask for a row for each value of a column, or of two; month(date), year(date) and day(date) group dates. The JSON has the rows as groups, with the keys and the measures by their names, such as sum_amount; records is always there',
			findFault: findKeyFault,
		},
		{
			name: 'sum',
			type: 'string',
			default: null,
			isMultiple: true,
			placeholder: '<column>',
			description:
				'Ask for the exact sum of a column; may be given more than once, as mean, min, max and distinct. A record without a number there is rejected',
			findFault: findColumnFault,
		},
		{
			name: 'mean',
			type: 'string',
			default: null,
			isMultiple: true,
			placeholder: '<column>',
			description: 'Ask for the mean of a column, with 6 decimals',
			findFault: findColumnFault,
		},
		{
			name: 'min',
			type: 'string',
			default: null,
			isMultiple: true,
			placeholder: '<column>',
			description: 'Ask for the smallest number of a column; of dates, day(column) is the first one',
			findFault: findColumnFault,
		},
		{
			name: 'max',
			type: 'string',
			default: null,
			isMultiple: true,
			placeholder: '<column>',
			description: 'Ask for the largest number of a column; of dates, day(column) is the last one',
			findFault: findColumnFault,
		},
		{
			name: 'distinct',
			type: 'string',
			default: null,
			isMultiple: true,
			placeholder: '<column>',
			description: 'Ask how many different values a column has, empty cells aside; not with --group-by',
			findFault: findColumnFault,
		},
		{
			name: 'order-by',
			type: 'string',
			default: null,
			defaultText: 'the first measure',
			placeholder: '<measure>',
			description: 'List groups by this measure, the largest first: records, sum_amount; key lists them by their names',
		},
		{
			name: 'limit',
			type: 'integer',
			default: null,
			defaultText: '100',
			minimum: 1,
			maximum: MAX_LIMIT,
			placeholder: '<n>',
			description: 'How many groups a report lists; --export has all. How many runs history lists, or files',
			commands: [...RUN, 'history', 'files'],
		},
	]),
] as const;
