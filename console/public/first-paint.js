// Runs before anything is painted: sets the remembered theme and language, so that no page flashes in the wrong one.
(function () {
  var root = document.documentElement
  try {
    var theme = localStorage.getItem('twinline.theme')
    if (theme === 'light' || theme === 'dark') root.setAttribute('data-theme', theme)
    var lang = localStorage.getItem('twinline.lang') || navigator.language
    root.lang = /^zh/i.test(lang) ? 'zh-CN' : 'en'
  } catch { /* storage is blocked: the defaults of the page hold */ }
})()
