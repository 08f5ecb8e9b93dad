# Junto al informe.
access-title = Accesibilidad
access-intro = Toda persona debe poder informar de un problema y saber qué pasa después.
access-standard = Estas páginas siguen las Pautas de Accesibilidad para el Contenido Web (WCAG) 2.2, nivel AA, y la Sección 508.
access-ways = Funcionan con teclado, con lector de pantalla y sin programas adicionales del navegador.
access-size = Puede ampliar el texto hasta el 400 % y usar un tema oscuro. No hay límite de tiempo.
access-language = Están en inglés y en español.
access-other = Otras formas de informar
access-other-ways = Puede llamar, usar el servicio de retransmisión 711, imprimir un formulario en papel o hablar en persona con su oficial de seguridad.
access-trouble = ¿Algo no le funciona?
access-trouble-do = Díganos qué intentó hacer. Le responderemos y, mientras tanto, le ayudaremos de otra manera.
access-tested = Última prueba: { $date }
poster-title = ¿Algo anda mal? Avísenos.
