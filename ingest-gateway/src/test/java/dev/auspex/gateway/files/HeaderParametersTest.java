package dev.auspex.gateway.files;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderParametersTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "form-data; name=\"a\"; filename=\"plain.png\"            | plain.png",
        "form-data; name=a;filename=token.png                     | token.png",
        "form-data; name=\"a\"; filename=\"q%22uote.png\"         | q\"uote.png",
        "form-data; name=\"a\"; filename=\"go\\\"quote.png\"      | go\"quote.png",
        "form-data; name=\"a\"; filename=\"go\\\\slash.png\"      | go\\slash.png",
        "form-data; name=\"a\"; filename=\"C:\\dir\\win.png\"     | C:\\dir\\win.png",
        "form-data; name=\"a\"; filename=\"semi;colon=.png\"      | semi;colon=.png",
        "form-data; name=\"a\"; filename=\"ünïcode ☃.png\"        | ünïcode ☃.png",
        "form-data; name=\"a\"; filename=\"x\"; filename*=UTF-8''%E2%98%83%20.png | ☃ .png",
        "form-data; name=\"a\"; filename*=iso-8859-1'de'%FC.png   | ü.png"
    })
    void shouldReadTheNameWhenClientsEscapeInTheirOwnWays(String header, String expected) throws Exception {
        assertThat(HeaderParameters.parse(header).filename()).contains(expected);
    }

    @Test
    void shouldKeepValueAndNamesInLowerCaseWhenHeaderIsNot() throws Exception {
        HeaderParameters parsed = HeaderParameters.parse("Multipart/Form-Data; Boundary=\"AbC d\"; ;charset=utf-8;");

        assertThat(parsed.value()).isEqualTo("multipart/form-data");
        assertThat(parsed.get("boundary")).contains("AbC d");
        assertThat(parsed.get("charset")).contains("utf-8");
    }
}
