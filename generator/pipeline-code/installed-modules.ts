/**
 * What a Python with kfp has: the modules of Python 3.9 to 3.14, and what `import kfp` loads. A test holds it against the
 * installed ones.
 */
export const INSTALLED_MODULES: ReadonlySet<string> = new Set(
  (
    '__future__ abc antigravity aifc annotationlib argparse array ast asynchat asyncio asyncore atexit audioop base64 ' +
    'bdb binascii binhex bisect builtins bz2 cProfile calendar certifi cgi cgitb charset_normalizer chunk ' +
    'click cmath cmd code codecs codeop collections colorsys compileall compression concurrent ' +
    'configparser contextlib contextvars copy copyreg crypt cryptography csv ctypes curses dataclasses ' +
    'datetime dateutil dbm decimal difflib dis distutils docstring_parser doctest email encodings ' +
    'ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc ' +
    'genericpath getopt getpass gettext glob google graphlib grp gzip hashlib heapq hmac html http ' +
    'idlelib idna imaplib imghdr imp importlib inspect io ipaddress itertools json keyword kfops kfp ' +
    'kfp_pipeline_spec kfp_server_api kubernetes lib2to3 linecache locale logging lzma mailbox mailcap ' +
    'marshal math mimetypes mmap modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath ' +
    'nturl2path numbers oauthlib opcode operator optparse os ossaudiodev pathlib pdb pickle pickletools ' +
    'pipes pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile ' +
    'pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib requests requests_oauthlib ' +
    'requests_toolbelt resource rlcompleter runpy sched secrets select selectors shelve shlex shutil ' +
    'signal site six smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants ' +
    'sre_parse ssl stat statistics string stringprep struct subprocess sunau symtable sys sysconfig ' +
    'syslog tabnanny tabulate tarfile telnetlib tempfile termios textwrap this threading time timeit tkinter ' +
    'token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types typing ' +
    'typing_extensions unicodedata unittest urllib urllib3 uu uuid venv warnings wave weakref webbrowser ' +
    'websocket winreg winsound wsgiref xdrlib xml xmlrpc yaml zipapp zipfile zipimport zlib zoneinfo'
  ).split(' '),
);
