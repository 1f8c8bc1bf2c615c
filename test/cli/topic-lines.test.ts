// A topic on a terminal: each part as what it is.
import {expect, test} from 'vitest';
import {topicLines} from '../../source/cli/commands/topics/topic-lines.ts';

const text = [
	'A paragraph that is\nlonger than a line.',
	'# Title',
	'    command --flag   what for\n                     and more of it\n    other            x',
	'\t{\n\t\n\t  "a": 1\n\t}',
	'| name | what it is\n| another name | that is explained at length',
	'- one that is\n  longer than a line\n- two\n10. ten',
].join('\n\n');

test('each part of a topic is laid out as what it is', () => {
	expect(topicLines(text, 30)).toEqual([
		...['A paragraph that is longer', 'than a line.', ''],
		...['Title', ''],
		...['  command --flag', '      what for and more of it', '  other           x', ''],
		...['  {', '', '    "a": 1', '  }', ''],
		...[
			'  name          what it is',
			'  another name  that is',
			'                explained at',
			'                length',
			'',
		],
		...['- one that is longer than a', '  line', '- two', '10. ten'],
	]);
});
