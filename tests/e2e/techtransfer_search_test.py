"""Full-text search of listings through the real binaries: Chinese and Latin together, Traditional and Simplified, operators, facets and highlights; what one
may not see is in no count; a publication is found at once; and all is found again after a kill and after an orderly stop."""
import json
import signal
import stat
import statistics
import time

import harness
from harness import Failure, Suite, new_id, wait_for
from technology_market import INVALID, LIANYUNGANG, NOT_FOUND, SHARED, YINGKOU, login, publish_at_once, seed

PUBLIC = {'disclosure': 'PUBLIC', 'sharing': 'UNCONDITIONAL'}
BANK, BRICK, TAILINGS, RICE, SEAWEED = 'bank', 'brick', 'tailings', 'rice', 'seaweed'


def fill(suite):
    publish_at_once(suite, YINGKOU, BANK, 'jishushichang', title='农户授信平台', abstract='与中国农业发展银行营口市分行共同开发,按地块核定授信额度。', keywords=['信贷'], publication=PUBLIC)
    publish_at_once(suite, YINGKOU, BRICK, 'jishushichang', title='镁质耐火砖低碳烧结工艺', abstract='以轻烧镁为原料,降低烧成温度。', keywords=['耐火材料', '氧化镁'])
    publish_at_once(suite, YINGKOU, TAILINGS, 'jishushichang', title='菱镁矿尾矿制肥', abstract='尾矿烧结后低碳处理,制成缓释镁肥。', keywords=['镁肥'])
    publish_at_once(suite, YINGKOU, RICE, 'jishushichang', title='水稻抗盐育种', abstract='用CRISPR/Cas9编辑OsHKT基因。', maturity=7)
    publish_at_once(suite, LIANYUNGANG, SEAWEED, 'haiyangyuan', kind='DEMAND', title='条斑紫菜抗盐养殖技术需求', abstract='求购紫菜种质保存技术。')


def ids(found):
    return {one.hit.name.rsplit('/', 1)[1] for one in found}


class Searcher:
    """Somebody who searches all cities. Until the index of a service that has just started is built, he waits."""

    def __init__(self, client):
        self.client = client

    def answer(self, query, **fields):
        end = time.monotonic() + 30
        while True:
            try:
                return self.client.SearchListings(parent='cities/-', query=query, **fields)
            except Failure as failure:
                if failure.reason != 'SEARCH_BUILDING' or time.monotonic() > end:
                    raise

    def __call__(self, query, **fields):
        answer = self.answer(query, **fields)
        found = ids(answer.found)
        assert answer.total == len(answer.found) == len(found), answer
        return found


def test_queries():
    with Suite(with_redis=False) as suite:
        seed(suite)
        fill(suite)
        find = Searcher(suite.as_person('li', 'Listings', '320700'))
        for query, expected in {
                '農業': {BANK}, '农业': {BANK}, '中国农业发展银行': {BANK}, '鎂質耐火磚': {BRICK}, 'CRISPR': {RICE}, 'crispr': {RICE}, 'ＣＲＩＳＰＲ': {RICE}, 'oshkt': {RICE},
                '"低碳烧结"': {BRICK}, '低碳 烧结': {BRICK, TAILINGS}, '镁 NOT 尾矿': {BRICK}, '镁 AND (制肥 OR 砖)': {BRICK, TAILINGS}, '抗盐': {RICE, SEAWEED},
                '标题:抗盐 类型:需求': {SEAWEED}, 'title:抗盐 kind:OFFER': {RICE}, 'city:320700': {SEAWEED}, '成熟度:7': {RICE}, '氧化镁': {BRICK}, '单位:海洋研究院': {SEAWEED},
                'cris*': {RICE}, '美质': set(), '梅肥': set(), '': {BANK, BRICK, TAILINGS, RICE, SEAWEED}}.items():
            assert find(query) == expected, (query, find(query), expected)
        assert suite.client('Listings').SearchListings(parent='cities/-', query='').total == 1, 'without login what is public alone'
        li = login(suite, 'li')
        shown = li('listing', 'search', '鎂 NOT 尾矿', '--facet', 'kind', '--facet', 'city')
        assert '〔镁〕质耐火砖低碳烧结工艺' in shown and '共 1 条' in shown and '210800 1' in shown, shown
        assert '〔农业〕' in li('listing', 'search', '农业')
        li('listing', 'search', '(镁', code=INVALID, says='QUERY_INVALID')
        li('listing', 'search', '镁', '--facet', 'colour', code=INVALID, says='colour')


def test_what_one_may_not_see_is_in_no_count():
    with Suite(with_redis=False) as suite:
        seed(suite)
        fill(suite)
        for ident, publication in (('own', {}), ('neighbours', {'sharing': 'CONDITIONAL', 'shared_with': [YINGKOU]}), ('all', SHARED),
                                   ('few', {'disclosure': 'RESTRICTED'})):
            publish_at_once(suite, LIANYUNGANG, ident, 'haiyangyuan', title='贻贝养殖', abstract='浮筏养殖。', publication=publication)
        setup = suite.client('Listings', setup=True)
        setup.CreateListing(parent=LIANYUNGANG, listing_id='draft', request_id=new_id(),
                            listing={'kind': 1, 'title': '贻贝养殖', 'abstract': '草稿', 'owner_unit': f'{LIANYUNGANG}/units/haiyangyuan'})
        facet = lambda find: {count.value: count.count for count in find.answer('贻贝', facets=['city']).facets[0].counts}
        for account, city, expected in (('li', '320700', {'own', 'neighbours', 'all', 'few'}), ('qian', '320700', {'own', 'neighbours', 'all', 'few'}),
                                        ('xu', '320700', {'own', 'neighbours', 'all'}), ('wang', '210800', {'neighbours', 'all'}), ('sun', '110106', {'all'})):
            find = Searcher(suite.as_person(account, 'Listings', city))
            assert find('贻贝') == expected, (account, find('贻贝'))
            assert facet(find) == {'320700': len(expected)}, account
            unpublished = find('贻贝', include_unpublished=True)
            assert unpublished == expected | ({'draft'} if city == '320700' else set()), (account, unpublished)
            assert len(find.client.ListListings(parent='cities/-', filter='state = PUBLISHED').listings) == len(find('')), account
        wang, sun = login(suite, 'wang'), login(suite, 'sun')
        for run, ident in ((wang, 'own'), (wang, 'draft'), (sun, 'neighbours')):
            run('get', 'listing', f'{LIANYUNGANG}/listings/{ident}', code=NOT_FOUND)
            run('listing', 'match', f'{LIANYUNGANG}/listings/{ident}', code=NOT_FOUND)
        li = login(suite, 'li')
        li('withdraw-listing', 'all', says='已撤回')
        assert Searcher(suite.as_person('sun', 'Listings', '110106'))('贻贝') == set()


def test_a_publication_is_found_at_once():
    with Suite(with_redis=False) as suite:
        seed(suite)
        fill(suite)
        setup, find = suite.client('Listings', setup=True), Searcher(suite.as_person('li', 'Listings', '320700'))
        assert find('镁') == {BRICK, TAILINGS}
        seconds = []
        for i in range(20):
            name = setup.CreateListing(parent=YINGKOU, listing_id=f'fresh-{i}', request_id=new_id(), listing={
                'kind': 1, 'title': f'新成果fresh{i}号', 'abstract': '刚刚发布。', 'owner_unit': f'{YINGKOU}/units/jishushichang', 'modes': [6], 'pricing': 2,
                'publication': {'disclosure': 1, 'sharing': 3}}).name
            setup.SubmitListing(name=name, request_id=new_id())
            setup.PublishListing(name=name, request_id=new_id())
            begin = time.monotonic()
            wait_for(lambda i=i: find(f'fresh{i}') == {f'fresh-{i}'}, seconds=5, what='the publication to be found')
            seconds.append(time.monotonic() - begin)
        print(f'     found after {statistics.median(seconds) * 1000:.1f} ms, {max(seconds) * 1000:.1f} ms at most', flush=True)
        assert statistics.median(seconds) < 0.1 and max(seconds) < 2, seconds


def test_all_is_found_again_after_a_restart():
    with Suite(with_redis=False) as suite:
        seed(suite)
        fill(suite)
        find = Searcher(suite.as_person('li', 'Listings', '320700'))
        everything, snapshot = find(''), suite.folder / 'techtransfer' / 'listings.index'
        suite.stop('techtransfer', signal.SIGKILL)
        suite.start('techtransfer')
        find = Searcher(suite.as_person('li', 'Listings', '320700'))
        assert find('') == everything and find('农业') == {BANK}, 'from the records'
        publish_at_once(suite, YINGKOU, 'later', 'jishushichang', title='后来的镁肥', abstract='缓释。')
        suite.stop('techtransfer')
        assert stat.S_IMODE(snapshot.stat().st_mode) == 0o600
        for what in ('as it was written', 'another file in its place'):
            suite.start('techtransfer')
            find = Searcher(suite.as_person('li', 'Listings', '320700'))
            assert find('') == everything | {'later'} and find('镁肥') == {TAILINGS, 'later'}, what
            suite.stop('techtransfer', signal.SIGKILL)
            snapshot.write_bytes(b'no index' * 1000)
        suite.start('techtransfer')
        assert Searcher(suite.as_person('li', 'Listings', '320700'))('') == everything | {'later'}
        assert json.loads(login(suite, 'li')('listing', 'search', '镁肥', '-o', 'json'))['total'] == 2


if __name__ == '__main__':
    harness.main([test_queries, test_what_one_may_not_see_is_in_no_count, test_a_publication_is_found_at_once, test_all_is_found_again_after_a_restart])
