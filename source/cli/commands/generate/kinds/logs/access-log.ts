import {formatDay} from '../../kind.ts';
import {NEWLINE} from '../../row-buffer.ts';
import {LogClock} from './log-clock.ts';
import type {LogForm} from './log-form.ts';
import {monthOf} from './month.ts';
import {compileTemplates} from './template.ts';

const encoder = new TextEncoder();

const writeClient = compileTemplates([
	[70, '{client} - - ['],
	[30, '{client} - {user} ['],
]);

const writeRequest = compileTemplates([
	[12, 'GET / HTTP/1.1'],
	[14, 'GET /products/{id} HTTP/1.1'],
	[8, 'GET /products?page={count}&sort=price HTTP/1.1'],
	[5, 'GET /search?q=rain%20jacket&page={digit} HTTP/1.1'],
	[10, 'GET /static/app.{hex}.js HTTP/2.0'],
	[9, 'GET /static/main.{hex}.css HTTP/2.0'],
	[12, 'GET /images/{id}.webp HTTP/2.0'],
	[6, 'GET /api/v2/orders/{id} HTTP/1.1'],
	[5, 'POST /api/v2/cart HTTP/1.1'],
	[3, 'PUT /api/v2/users/{userId}/address HTTP/1.1'],
	[1, 'DELETE /api/v2/cart/{id} HTTP/1.1'],
	[3, 'HEAD /health HTTP/1.0'],
	[2, 'GET /favicon.ico HTTP/1.1'],
	[2, 'POST /login HTTP/1.1'],
	[1, 'GET /wp-login.php HTTP/1.1'],
]);

const writeResult = compileTemplates([
	[780, '200 {bytes}'],
	[20, '201 {bytes}'],
	[8, '204 -'],
	[20, '301 178'],
	[15, '302 -'],
	[80, '304 -'],
	[10, '401 {count}'],
	[6, '403 {count}'],
	[45, '404 {count}'],
	[4, '429 {count}'],
	[7, '500 {count}'],
	[3, '502 {count}'],
	[2, '503 {count}'],
]);

const writeOrigin = compileTemplates([
	[45, '-'],
	[30, 'https://www.example.com/'],
	[15, 'https://www.example.com/products?page={count}'],
	[6, 'https://search.example.net/results?q=rain+jacket'],
	[4, 'https://mail.example.org/'],
]);

const writeAgent = compileTemplates([
	[
		34,
		'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/96.0.4664.110 Safari/537.36',
	],
	[
		18,
		'Mozilla/5.0 (iPhone; CPU iPhone OS 15_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.2 Mobile/15E148 Safari/604.1',
	],
	[14, 'Mozilla/5.0 (X11; Linux x86_64; rv:95.0) Gecko/20100101 Firefox/95.0'],
	[12, 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:95.0) Gecko/20100101 Firefox/95.0'],
	[8, 'ExampleBot/2.{digit} (+https://bot.example.net/about)'],
	[7, 'curl/7.80.0'],
	[4, 'python-requests/2.26.0'],
	[3, '-'],
]);

const AFTER_TIME = encoder.encode(' +0000] "');
const AFTER_REQUEST = encoder.encode('" ');
const AFTER_RESULT = encoder.encode(' "');
const AFTER_ORIGIN = encoder.encode('" "');
const AFTER_AGENT = encoder.encode('"');

/** The combined log format of web servers; 30 of 100 requests come from users who are logged in. */
export const accessLog: LogForm = (random, day, lineCount) => {
	const clock = new LogClock(random, lineCount);
	const date = encoder.encode(`${formatDay(day).slice(8)}/${monthOf(day)}/${formatDay(day).slice(0, 4)}:`);
	return buffer => {
		clock.advance();
		writeClient(buffer, random);
		buffer.writeBytes(date);
		buffer.writeBytes(clock.bytes);
		buffer.writeBytes(AFTER_TIME);
		writeRequest(buffer, random);
		buffer.writeBytes(AFTER_REQUEST);
		writeResult(buffer, random);
		buffer.writeBytes(AFTER_RESULT);
		writeOrigin(buffer, random);
		buffer.writeBytes(AFTER_ORIGIN);
		writeAgent(buffer, random);
		buffer.writeBytes(AFTER_AGENT);
		buffer.writeByte(NEWLINE);
	};
};
