"""What a program of tests came to, in a file of its own."""
from xml.etree import ElementTree


def write_junit(path, outcomes):
    """As ctest writes it: a status of 'run', 'fail' or 'notrun' for each test, and of the last why."""
    suite = ElementTree.Element('testsuite')
    for name, status in outcomes.items():
        case = ElementTree.SubElement(suite, 'testcase', name=name, status=status)
        if status == 'notrun':
            ElementTree.SubElement(case, 'skipped', message='SKIP_RETURN_CODE=77')
    ElementTree.ElementTree(suite).write(path)
