import {expect, test} from 'vitest';
import {lookOf} from '../../source/ui/look.js';

const asked = {ascii: false, color: true};

test.each<[string, NodeJS.ProcessEnv, ReturnType<typeof lookOf>]>([
	['a usual terminal', {LANG: 'en_US.UTF-8', TERM: 'xterm'}, {ascii: false, color: true}],
	['NO_COLOR', {NO_COLOR: '1', LANG: 'C.utf8'}, {ascii: false, color: false}],
	['NO_COLOR that is empty says nothing (no-color.org)', {NO_COLOR: ''}, {ascii: false, color: true}],
	['a locale without UTF-8', {LANG: 'de_DE.ISO-8859-1'}, {ascii: true, color: true}],
	['LC_ALL stands over LANG', {LC_ALL: 'C', LANG: 'en_US.UTF-8'}, {ascii: true, color: true}],
	['no locale at all', {}, {ascii: false, color: true}],
])('%s', (_, env, look) => {
	expect(lookOf(asked, env)).toEqual(look);
});
