(function (id, lazyId) {
  'use strict';
  function plotly() {
    if (window.Plotly) return window.Plotly;
    var r = window.require;
    if (r && r.defined && r.defined('plotly')) return r('plotly');
    var source = document.getElementById(lazyId);
    // While the page still loads, the element may hold only the beginning of its text.
    if (source && document.readyState !== 'loading') { (0, eval)(source.textContent); return window.Plotly; }
    return null;
  }
  function bind(host) {
    if (host.getAttribute('data-rk')) return;
    host.setAttribute('data-rk', '1');
    var text = host.querySelector('script[type="application/json"]').textContent;
    var colours = JSON.parse(text).dark, still = host.querySelector('.rk-static'), box = host.querySelector('.rk-live');
    var drawn = null, tries = 0, busy = false, wired = false, at = null;
    function dark() { return getComputedStyle(host).getPropertyValue('--rk-dark').trim() === '1'; }
    function webgl() { try { return !!document.createElement('canvas').getContext('webgl'); } catch (e) { return false; } }
    function wanted() { return dark() + '/' + at; }
    // Behind sliders lie many pictures, each a list of series and a layout that they share.
    function pick(f) {
      if (!f.states) return f;
      var index = 0, state;
      at = at || f.at;
      at.forEach(function (stop, k) { index = index * f.stops[k] + stop; });
      state = f.states[index];
      f.data = state.traces.map(function (t) { return f.traces[t]; });
      f.layout = f.layouts[state.layout];
      at.forEach(function (stop, k) { f.layout.sliders[k].active = stop; });
      box.querySelector('.rk-title').textContent = state.title;
      var caption = box.querySelector('.rk-caption');
      if (caption) caption.textContent = state.caption;
      return f;
    }
    function moved(e) {
      var place = String(e.step.value).split(':');
      if (at[+place[0]] === +place[1]) return;
      at[+place[0]] = +place[1];
      paint();
    }
    function paint() {
      var P = plotly(), night = dark();
      if (!P) { if (++tries < 120) setTimeout(paint, 150); return; }
      if (busy || drawn === wanted()) return;
      var f = pick(JSON.parse(night ? text.replace(/#[0-9a-f]{6}/gi, function (c) { return colours[c.toLowerCase()] || c; }) : text));
      // Without WebGL the static projection says more than an error message would.
      if (/"(scatter3d|surface|scattergl)"/.test(text) && !webgl()) return;
      busy = true;
      var plot = box.querySelector('.rk-plot'), shown = night + '/' + at;
      P.react(plot, f.data, f.layout, f.config).then(function () {
        drawn = shown; busy = false;
        if (f.states && !wired) { wired = true; plot.on('plotly_sliderchange', moved); }
        still.style.display = 'none'; box.style.height = 'auto'; box.style.overflow = 'visible';
        if (wanted() !== shown) paint();
      }, function () { busy = false; P.purge(plot); });
    }
    function start() {
      paint();
      if (window.matchMedia) {
        var m = matchMedia('(prefers-color-scheme: dark)');
        if (m.addEventListener) m.addEventListener('change', paint);
      }
      // Hosts switch themes by an attribute on the page or its body.
      var seen = new MutationObserver(function () { if (drawn !== null) paint(); });
      [document.documentElement, document.body].forEach(function (e) { seen.observe(e, { attributes: true, attributeFilter: ['class', 'data-theme', 'data-jp-theme-light'] }); });
    }
    if (!window.IntersectionObserver) { start(); return; }
    var near = new IntersectionObserver(function (entries) {
      if (entries.some(function (e) { return e.isIntersecting; })) { near.disconnect(); start(); }
    }, { rootMargin: '800px' });
    near.observe(host);
  }
  Array.prototype.forEach.call(document.querySelectorAll('[id="' + id + '"]'), bind);
})
