"""Three cities with institutes, firms, brokers and coordinators, for the tests of technology transfer; and what is done there again and again."""
import datetime
import json

import harness
from harness import new_id
from personnel_test import login as login_and_wait

TODAY = harness.today()
INVALID, NOT_FOUND, PRECONDITION, NOT_ALLOWED = 3, 4, 5, 7
YINGKOU, LIANYUNGANG, FENGTAI = 'cities/210800', 'cities/320700', 'cities/110106'
SHARED = {'disclosure': 'INTERNAL', 'sharing': 'UNCONDITIONAL'}
# Account: city, unit, roles.
PEOPLE = {'wang': ('210800', 'duikouban', ['COORDINATOR']), 'jing': ('210800', 'jishushichang', ['TECH_BROKER']), 'guan': ('210800', 'nongkeyuan', ['UNIT_OFFICER']),
          'shen': ('210800', 'duikouban', ['AUDITOR']), 'du': ('210800', 'duikouban', ['SUPERVISOR']), 'li': ('320700', 'duikouban', ['COORDINATOR', 'TECH_BROKER']),
          'xu': ('320700', 'nongye', ['UNIT_OFFICER']), 'qian': ('320700', 'haiyangyuan', ['UNIT_OFFICER']), 'sun': ('110106', 'kewei', ['COORDINATOR'])}


def seed(suite):
    suite.seed_city()
    suite.seed_city('320700', '连云港市', '江苏省', 'LYG')
    suite.seed_city('110106', '丰台区', '北京市', 'FT')
    for city, unit, title, kind in (('210800', 'duikouban', '营口市对口合作办公室', 'GOVERNMENT'), ('210800', 'jishushichang', '营口市技术市场', 'PUBLIC_INSTITUTION'),
                                    ('210800', 'nongkeyuan', '营口市农业科学院', 'INSTITUTE'), ('320700', 'duikouban', '连云港市对口合作办公室', 'GOVERNMENT'),
                                    ('320700', 'nongye', '连云港农业发展公司', 'ENTERPRISE'), ('320700', 'haiyangyuan', '连云港海洋研究院', 'INSTITUTE'),
                                    ('110106', 'kewei', '丰台区科委', 'GOVERNMENT'), ('110106', 'shengtai', '丰台生态技术公司', 'ENTERPRISE')):
        suite.seed_unit(unit, title, kind=kind, city=city)
    for account, (city, unit, roles) in PEOPLE.items():
        suite.seed_account(account, unit, roles, city=city)
    matching = suite.client('Matching', setup=True)
    for city, prefix in ((YINGKOU, 'YK'), (LIANYUNGANG, 'LYG')):
        matching.CreateTransferSettings(parent=city, transfer_settings_id='default', transfer_settings={'number_prefix': prefix}, request_id=new_id())


def login(suite, account):
    """Signs in on the command line; gives a function that runs a command and checks its exit code."""
    return login_and_wait(suite, account, PEOPLE[account][0], listed='listings')


def record(run, kind, name):
    return json.loads(run('get', kind, name, '-o', 'json'))


def day_of(date):
    """A date of a record, which is {'year': …, 'month': …, 'day': …}."""
    return datetime.date(date['year'], date['month'], date['day'])


def date_of(day):
    return {'year': day.year, 'month': day.month, 'day': day.day}


def at(day, hour, minute=0):
    return f'{day.isoformat()}T{hour:02d}:{minute:02d}:00+08:00'


def write_json(suite, name, content):
    file = suite.folder / name
    file.write_text(json.dumps(content, ensure_ascii=False), encoding='utf-8')
    return str(file)


def draft(run, suite, ident, unit, **fields):
    """A listing drafted from a file by an officer: an offer to assign at an agreed price, unless `fields` say otherwise."""
    offer = {'kind': 'OFFER', 'modes': ['ASSIGNMENT'], 'pricing': 'NEGOTIATED'} if fields.get('kind', 'OFFER') == 'OFFER' else {}
    content = {'abstract': fields.get('title', ''), 'publication': SHARED, 'owner_unit': unit, **offer, **fields}
    return run('create', 'listing', '--id', ident, '--file', write_json(suite, f'{ident}.json', content))


def publish(run, reviewer, ident):
    """What an officer has drafted, submitted by him and published by somebody else of his city."""
    run('submit-listing', ident, says='审核中')
    reviewer('publish-listing', ident, says='已发布')


def publish_at_once(suite, city, ident, unit, **fields):
    """A listing from its draft to its publication, by the installer."""
    from duikou.techtransfer.v1 import listing_pb2
    from google.protobuf import json_format
    offer = {'kind': 'OFFER', 'modes': ['COOPERATION'], 'pricing': 'LISTED'} if fields.get('kind', 'OFFER') == 'OFFER' else {}
    content = {'publication': SHARED, **offer, **fields, 'owner_unit': f'{city}/units/{unit}'}
    setup = suite.client('Listings', setup=True)
    name = setup.CreateListing(parent=city, listing_id=ident, listing=json_format.ParseDict(content, listing_pb2.Listing()), request_id=new_id()).name
    setup.SubmitListing(name=name, request_id=new_id())
    return setup.PublishListing(name=name, request_id=new_id())
