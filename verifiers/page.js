/* The verification page: reads the chosen files, asks verify.js, and shows what it says.
 * It decides nothing itself, sends nothing anywhere, and keeps nothing. */
'use strict';

(() => {
  /* The checks in their order: name, title, and what each means to a citizen. */
  const CHECKS = [
    ['form', '格式', '文件齐全，格式都合规'],
    ['chain', '前后相连', '各份记录首尾相连，编号一致，时间先后合理'],
    ['commitment', '承诺', '方案和名录池正是事先承诺的那一份，事后没有改过'],
    ['plan', '方案', '分层、数量、比例、排除理由都与方案相符'],
    ['eligibility', '人员资格', '人员名单和资格正是事先承诺的那一份，每家企业都有足够的人可派'],
    ['shares', '份额', '每位持有人的秘密份额都与事先的承诺相符'],
    ['public', '公共值', '公共值符合事先定下的规则'],
    ['draw', '名单', '名单由上面这些重新算出，与公布的一字不差'],
    ['substitutions', '替换', '每次替换都有记录，接替者正是抽取顺序中的下一个'],
  ];
  const VERDICT = {
    0: ['good', '✔ 核验通过：这次抽取与规则完全相符。请再亲自核对下面两样。'],
    1: ['bad', '✘ 核验不通过：这些文件与规则不符，见下面标出的一项。'],
    2: ['wait', '○ 没有结论：'],
    3: ['wait', '○ 这次抽取尚未启封：目前能做的检查都通过了，启封以后可以全部核验。'],
  };
  const KIND = { 'revealed': '已启封', 'void before': '公共值揭晓前作废', 'void after': '公共值揭晓后作废，已启封', 'open': '尚未启封' };
  const STATUS = { M: '必查', S: '抽中', N: '未抽中', X: '已排除' };
  const ROWS_SHOWN_MAX = 50;

  const at = (id) => document.getElementById(id);
  const show = (id, visible) => { at(id).hidden = !visible; };

  /* Adds a row of cells; text only, never markup. */
  function addRow(body, cells) {
    const row = body.insertRow();
    for (const [text, className, heading] of cells) {
      const cell = document.createElement(heading ? 'th' : 'td');
      if (heading) cell.scope = 'row';
      cell.textContent = text;
      if (className) cell.className = className;
      row.appendChild(cell);
    }
  }

  function clear(id) {
    const body = at(id).tBodies[0];
    body.textContent = '';
    return body;
  }

  function banner(className, text) {
    at('banner').className = className;
    at('banner').textContent = text;
    show('result', true);
  }

  function showChecks(lines) {
    const body = clear('checks');
    for (const [name, title, meaning] of CHECKS) {
      const heading = [title + ' ' + name, '', true];
      const failure = lines.find((line) => line.startsWith('FAIL ' + name + ':'));
      if (lines.includes('PASS ' + name)) addRow(body, [heading, ['✔ 通过', 'state good'], [meaning]]);
      else if (failure) addRow(body, [heading, ['✘ 不通过', 'state bad'], [meaning + '——' + failure.slice(name.length + 7)]]);
      else addRow(body, [heading, ['○ 未到', 'state wait'], [meaning]]);
    }
    show('details', true);
  }

  function showFacts(lines) {
    const body = clear('facts');
    const facts = lines.filter((line) => !/^(PASS|FAIL) /.test(line));
    for (const line of facts) {
      const end = line.search(/[:：]/);
      const title = end < 0 ? line : line.slice(0, end);
      const value = end < 0 ? '' : line.slice(end + 1).trim();
      const isHash = /[0-9a-f]{64}/.test(value);
      if (title === 'kind') addRow(body, [['状态', '', true], [KIND[value] || value]]);
      else addRow(body, [[title, '', true], [value, isHash ? 'hash' : '']]);
    }
    show('eye', facts.length > 0);
  }

  /* The lines of the pool, each with its line of the result where there is one. */
  let pool = [];
  function keepPool(files) {
    const table = (name) => {
      const bytes = files.get(name);
      return bytes ? new TextDecoder().decode(bytes).split('\n').filter(Boolean).map((line) => line.split('\t')) : [];
    };
    const results = new Map(table('result.tsv').map((columns) => [columns[0], columns]));
    pool = table('pool.tsv').map(([id, stratum, , , , name]) => ({ id, stratum, name: name || '', result: results.get(id) }));
    at('query').value = '';
    lookUp();
    show('lookup', pool.length > 0);
  }

  function lookUp() {
    const query = at('query').value.trim();
    const body = clear('rows');
    const matches = query ? pool.filter(({ id, name }) => name.includes(query) || id.includes(query.toUpperCase())) : [];
    at('rows').hidden = matches.length === 0;
    at('found').textContent = query
      ? `找到 ${matches.length} 家` + (matches.length > ROWS_SHOWN_MAX ? `，列出前 ${ROWS_SHOWN_MAX} 家` : '')
      : `名录池共有 ${pool.length} 家，输入名称或编号的一部分即可查找。`;
    for (const { id, stratum, name, result } of matches.slice(0, ROWS_SHOWN_MAX)) {
      addRow(body, [[id], [name], [stratum], [result ? STATUS[result[2]] || result[2] : '尚未启封'], [result ? result[1] : '', 'hash']]);
    }
  }

  function check(files) {
    for (const id of ['details', 'eye', 'lookup']) show(id, false);
    banner('wait', '正在计算，名录很大时需要几秒……');
    // The sentence is to be painted before the computation takes the page.
    requestAnimationFrame(() => setTimeout(() => {
      const report = Mingcha.verify(files);
      const [className, text] = VERDICT[report.exitCode];
      banner(className, report.exitCode === 2 ? text + report.lines.join(' ') : text);
      if (report.exitCode === 2) return;
      showChecks(report.lines);
      showFacts(report.lines);
      keepPool(files);
    }));
  }

  const bytesOf = (file) => file.arrayBuffer().then((buffer) => new Uint8Array(buffer));
  const refuse = (error) => banner('bad', '✘ 打不开这些文件：' + error.message);

  function readZip(file) {
    if (file) bytesOf(file).then((bytes) => check(Mingcha.readZip(bytes))).catch(refuse);
  }

  function readFolder(list) {
    const files = Array.from(list).filter((file) => (file.webkitRelativePath || file.name).split('/').length <= 2);
    if (files.length === 0) return;
    Promise.all(files.map((file) => bytesOf(file).then((bytes) => [file.name, bytes])))
      .then((pairs) => check(new Map(pairs))).catch(refuse);
  }

  at('zip').addEventListener('change', (event) => readZip(event.target.files[0]));
  at('folder').addEventListener('change', (event) => readFolder(event.target.files));
  at('query').addEventListener('input', lookUp);
  const drop = at('drop');
  for (const type of ['dragenter', 'dragover', 'dragleave', 'drop']) {
    drop.addEventListener(type, (event) => {
      event.preventDefault();
      drop.classList.toggle('over', type === 'dragenter' || type === 'dragover');
      if (type === 'drop') readZip(event.dataTransfer.files[0]);
    });
  }
})();
